"""Chinese full text over what is public; one tokenizer, one small engine interface."""
