"""Somebody comes to a conference without having registered: found or entered, admitted, checked in, matched."""
