"""Duties after listing: yearly reports, examinations, sites, fees, emergencies, provincial lists."""
