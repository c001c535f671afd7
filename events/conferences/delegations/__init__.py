"""Trade delegations to other provinces: hosts to visit, the wishes of members, and the way between."""
