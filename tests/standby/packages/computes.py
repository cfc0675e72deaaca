from decimal import Decimal

THIRD = str(Decimal(1) / 3)
