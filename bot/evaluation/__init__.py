"""How good the answers are, for whoever operates Footnote: questions with known answers in, figures out.

questions   a file of questions -> `Gold`
run         `Gold` -> asked -> `Outcome`
figures     `Outcome`s -> what each figure is (see `catalogue` for what they mean)
resample    a figure -> how sure it is
compare     two runs -> what was won and lost, and whether that is chance
saved       a run <-> JSON
table       a run on a terminal
report      a run as one HTML page, with the charts of `charts`
drafts      articles -> draft questions
"""
