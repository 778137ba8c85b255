"""Files in: YAML with places, validation, profiles, the law book and the catalogue."""
