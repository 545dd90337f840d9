"""An invented world to practise in: seeded parties, goods, keys and parcels that enter by the same door as anyone's."""
