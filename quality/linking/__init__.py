"""Linking: which registered subject a record without a sound identifier tells of.

Belongs here: the records that lack one, the steps by which a subject is found for them, and the
weights of what speaks for one. `settings` reads what is declared (`weights.yaml`), `steps` runs the
queries (`sql/`), `weigh` asks Splink. Does not belong here: keeping the links (`assets.links`) and
what becomes of a linked row (`assets.base`).

In this order, each only for what those before it left:

1. by organisation code: positions 9 to 17 of the sound uscc that a register holds. A code that
   fails its check links nothing; one that is sound and that no register knows says that it is
   somebody else.
2. by name: equal in its comparable form, borne by one subject alone, and not contradicted by the
   province or the address.
3. weighed: name and address together, where neither decides alone.

What no step links stays unlinked and says why, with those that came near. Two candidates are never
chosen between.
"""
