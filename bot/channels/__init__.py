"""Ways to reach the assistant: terminal, web page, Telegram."""
