"""What citizens are asking: messages in, matters and hot topics out, and the figures of the year."""
