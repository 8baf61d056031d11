"""The standard-source catalogue (标准源目录): what sources are worth, and which are admitted.

Belongs here: measuring columns, judging entries by the catalogue's thresholds, proposing a source
where none is settled. Does not belong here: choosing values (`assets.base`); no quality measured
here changes which source is asked, only a person's suspension in the catalogue does.

Sources: 《淄博市公共数据管理办法》 article 18.
"""
