//! Finds complete files in a drop folder and feeds them to the pipeline.
