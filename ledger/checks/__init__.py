"""The checks of `check_ledger`, by what they prove. Each is a function that yields `Problem`s."""
