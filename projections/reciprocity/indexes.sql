-- What only readers look for. None of these columns ever changes either.

CREATE INDEX reciprocity_entry_giver ON reciprocity_entry (giver_id);
CREATE INDEX reciprocity_entry_receiver ON reciprocity_entry (receiver_id);
CREATE INDEX reciprocity_entry_partnership ON reciprocity_entry (partnership_id) WHERE partnership_id IS NOT NULL;
