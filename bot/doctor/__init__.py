"""`footnote doctor`: looks at everything the bot stands on, and says of each thing how it is and what to do."""

from bot.doctor.examination import examine
from bot.doctor.model import Finding, Level

__all__ = ["Finding", "Level", "examine"]
