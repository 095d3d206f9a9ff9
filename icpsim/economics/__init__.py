"""Economics: from what people used and what teams delivered to who pays whom, and what that means for each."""
