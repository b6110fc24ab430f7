"""The learner's loop: empty a stage, write it again, be told what is wrong."""
