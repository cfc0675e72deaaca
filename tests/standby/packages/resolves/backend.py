NAME = 'agg'
