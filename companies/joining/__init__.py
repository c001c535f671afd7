"""How people come to an organisation and leave it: invitations, requests to join, roles, handing over."""
