"""./learn prove: the course judged as it judges its learners."""
