"""The product's values: profile, law, catalogue, plan. Pure data: nothing here reads a file or a clock."""
