"""Words of the trade: numbers, codes and days that every other room speaks in; text in, checked values out."""
