-- What waits for a second pair of eyes is looked for on each look at the queue.
CREATE INDEX answer_to_check ON answer (id) WHERE state = 'checking';
