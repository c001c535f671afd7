"""Partners browse the firms matched with them, all year round and without any conference."""
