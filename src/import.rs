//! Reviews from files: CSV and JSON Lines exports of portals that offer nothing else.
