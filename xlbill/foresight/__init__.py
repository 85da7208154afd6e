"""Questions asked of price books before a bill is made: what differs between two, what a change of prices does."""
