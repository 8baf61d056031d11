"""法人基础库 (legal_person): legal persons and other organisations, keyed by uscc."""
