"""CAR-T: immune cells engineered against a tumour."""
