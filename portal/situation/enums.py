"""What firms answer, and the states of what they ask for, with their labels."""

from __future__ import annotations

from enum import StrEnum

from core.i18n import _l


class Trend(StrEnum):
    """Compared with the round before."""

    UP = "up"
    SAME = "same"
    DOWN = "down"


TREND_LABELS = {Trend.UP: _l("More"), Trend.SAME: _l("About the same"), Trend.DOWN: _l("Less")}
TREND_ICONS = {Trend.UP: "arrow-up-right", Trend.SAME: "arrow-right", Trend.DOWN: "arrow-down-right"}


class Difficulty(StrEnum):
    """What a firm may find hard."""

    ORDERS = "orders"
    CAPITAL = "capital"
    INPUT_PRICES = "input_prices"
    LABOUR = "labour"
    TECHNOLOGY = "technology"
    ENERGY = "energy"
    LAND = "land"
    PROCEDURES = "procedures"
    LOGISTICS = "logistics"
    STANDARDS = "standards"
    OTHER = "other"


DIFFICULTY_LABELS = {
    Difficulty.ORDERS: _l("Too few orders"),
    Difficulty.CAPITAL: _l("Capital and loans"),
    Difficulty.INPUT_PRICES: _l("Prices of materials"),
    Difficulty.LABOUR: _l("Finding workers"),
    Difficulty.TECHNOLOGY: _l("Machines and technology"),
    Difficulty.ENERGY: _l("Electricity and energy"),
    Difficulty.LAND: _l("Land and premises"),
    Difficulty.PROCEDURES: _l("Administrative procedures"),
    Difficulty.LOGISTICS: _l("Transport and customs"),
    Difficulty.STANDARDS: _l("Standards that buyers ask for"),
    Difficulty.OTHER: _l("Other difficulties"),
}


class Matter(StrEnum):
    """What a firm's own words are about."""

    DIFFICULTY = "difficulty"
    REQUEST = "request"


MATTER_LABELS = {Matter.DIFFICULTY: _l("Difficulty"), Matter.REQUEST: _l("Request")}


class CaseState(StrEnum):
    """How far the Department is with it."""

    OPEN = "open"
    ANSWERED = "answered"
    RESOLVED = "resolved"


CASE_STATE_LABELS = {
    CaseState.OPEN: _l("Open"),
    CaseState.ANSWERED: _l("Answered"),
    CaseState.RESOLVED: _l("Resolved"),
}
CASE_STATE_TONES = {CaseState.OPEN: "warning", CaseState.ANSWERED: "info", CaseState.RESOLVED: "success"}


class Step(StrEnum):
    """The questions, one on a screen."""

    PRODUCTION = "production"
    ORDERS = "orders"
    STAFF = "staff"
    DIFFICULTIES = "difficulties"
    REQUEST = "request"


TREND_STEPS = (Step.PRODUCTION, Step.ORDERS, Step.STAFF)
STEP_LABELS = {
    Step.PRODUCTION: _l("Production"),
    Step.ORDERS: _l("Orders"),
    Step.STAFF: _l("Workers"),
    Step.DIFFICULTIES: _l("Difficulties"),
    Step.REQUEST: _l("Requests to the Department"),
}
QUESTIONS = {
    Step.PRODUCTION: _l("Did you produce more or less than in the period before?"),
    Step.ORDERS: _l("Do you have more or fewer orders for the coming period?"),
    Step.STAFF: _l("Do you employ more or fewer people than before?"),
    Step.DIFFICULTIES: _l("What makes it hard at present?"),
    Step.REQUEST: _l("What do you ask of the Department?"),
}
