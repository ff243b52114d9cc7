//! An in-memory store: simulation and quick tests run on it; it passes the same contract as the others.
