"""How good is what is public: inspection indicators over the data, their history, and what to mend."""
