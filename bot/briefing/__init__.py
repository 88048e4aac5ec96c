"""Before an event (领导接听、在线访谈、新闻发布会): what will be asked, what can be said, on which clause."""
