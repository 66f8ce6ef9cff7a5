"""The public portal as files, served by nginx without Python behind it (docs/adr/0010-the-public-site-as-files.md).

addresses.py  which file an address is (pure)
store.py      where files go: a folder
bucket.py     objects of an S3-compatible store, with the same verbs
mirror.py     the store made what the served tree is
manifest.py   what was written: path → digest and release
starting.py  first thing in a process that helps with a build
tree.py       trees side by side, `current` points at the one that is served; the lock of those who write
asking.py     the portal's own answers, asked for inside this process
plan.py       which addresses there are, and which of them a release touches
keep.py       keeping the served tree true: one item, the lists that name it, everything once a day
build.py      a whole new tree beside the old one, then the swap
verify.py     every file belongs to a live release or a fixed page, and the reverse
"""
