"""The auditor's evidence pack: its archive, its manifest, its signatures and the judgement on all of them."""
