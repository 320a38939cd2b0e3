-- The board is one scan of what has not run out; the second is the same for one category, which matches ask for.
CREATE INDEX board_posting_open ON board_posting (kind, ends_on, known_until) WHERE state = 'open';
CREATE INDEX board_posting_category ON board_posting (kind, category, ends_on, known_until) WHERE state = 'open';

-- How good what somebody gave was; what else one occasion served.
CREATE INDEX board_sides_giver ON board_sides (giver_id, category);
CREATE INDEX board_occasion_of ON board_occasion (occasion, giver_id);
