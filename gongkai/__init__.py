"""政务公开信息管理系统. `docs/map.md` says what every folder is for."""

__version__ = "0.1.0"
