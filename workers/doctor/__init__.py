"""Does what must hold hold, and does everything keep up? It looks only; what it finds says what to do."""
