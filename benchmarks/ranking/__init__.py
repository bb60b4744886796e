"""A simulated year of keeping in touch, to compare rules that say whom to call next."""
