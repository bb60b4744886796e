"""What a short message had better leave to the other person to bring up.

Illness, death, separation, work or money lost, quarrels, and what was said in confidence. To add a word, add it to the
table: "*" stands for any ending, "_" for a blank.
"""

from __future__ import annotations

import re

_TENDER = """
    abuse* abortion accident alzheimer* bereave* cancer chemo* coma condolence* cried cry crying custody dead death dementia
    depress* diagnos* died dies disabilit* dying fertility funeral grief griev* heart_attack hospice hospital* ill illness
    injur* infertil* ivf miscarr* miscarriage mourn* operated overdose pass_away passed_away passing_away palliative rehab sick*
    stillb* stroke suicid* surgery therapy therapist* trauma* tumor* tumour* unwell widow* worried worries anxiety panic lonely loneliness
    losing_weight lose_weight addict* alcohol* drinking drugs burnout burn-out burned_out burnt_out breakdown
    affair break-up breakup broke_off broke_up broken_heart divorc* estrange* marriage separated separation split_up
    splitting_up split_from left_her left_him
    bankrupt* broke can't_afford cannot_afford debt debts evict* fired foreclos* job_loss laid_off layoff* lay-off* let_go
    lost_her_job lost_his_job lost_my_job lost_their_job money_problems money_trouble* out_of_money pregnan* money_worries redundan* sacked
    unemploy* between_jobs did_not_get_the_job didn't_get_the_job
    lost_her lost_his lost_their lost_the_baby lost_a losing_her losing_his
    argued arguing argument_with arrest* bully* bullied fell_out falling_out feud fight fights fought harass* in_court jail
    lawsuit prison quarrel* row_with sued violen*
    between_us confided confidential* in_confidence don't_tell do_not_tell off_the_record keep_quiet secret secrets keep_to_yourself
    gestorben tod tot verstorben beerdigung trauer* beileid krank* krebs scheidung geschieden trennung getrennt entlassen
    gekündigt kündigung arbeitslos* schulden streit gestritten fehlgeburt unfall vertraulich insolven* pleite
    mort morte décès décédé décédée deuil enterrement obsèques malad* hôpital licencié* licenciement chômage dette dettes dispute*
    murió muerte falleci* duelo enferm* cáncer despid* deuda* pelea* ruptura
    morto cancro lutto funerale malat* ospedale licenziat* debiti litig* divorzi*
    morreu faleceu luto doente doença câncer demitid* dívida* briga*
    overleden dood rouw begrafenis ziek* kanker gescheiden ontslagen ruzie*
    умер* смерт* похорон* болезн* болен больн* развод* увол* долг* ссор*
"""
_WITHOUT_BLANKS = "去世|死|葬|病|癌|离婚|離婚|裁员|失业|失業|债|借金|吵架|喧嘩|解雇|이혼|사망|장례|암|해고|빚"
_WORDS = [(re.split(r"[*_]", word)[0], word) for word in _TENDER.split()]  # with what they begin


def is_tender(text: str) -> bool:
    """Whether a line is about something that one does not bring up in passing."""
    text = text.replace("’", "'")
    folded = text.casefold()
    if any(begin in folded and _holds(text, word) for begin, word in _WORDS):
        return True
    return not text.isascii() and re.search(_WITHOUT_BLANKS, text) is not None


def _holds(text: str, word: str) -> bool:
    pattern = re.escape(word).replace("_", r"\s+").replace(r"\*", r"\w*")
    return re.search(rf"(?i)\b{pattern}\b", text) is not None
