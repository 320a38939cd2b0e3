"""Tests; the folders mirror the floors."""
