"""Codes for the parts of a file that its reader does not see; `Part.where["hidden"]` is one of them, or absent."""

from __future__ import annotations

from types import MappingProxyType

#: Code to title. A code is permanent: findings and redactions keep it.
HIDDEN = MappingProxyType(
    {
        "comment": "批注",
        "deletion": "已删除的修订",
        "insertion": "插入的修订",
        "moved": "移动的修订",
        "header": "不打印的页眉",
        "footer": "不打印的页脚",
        "footnote": "没有引用的脚注",
        "properties": "文档属性",
        "custom_properties": "自定义属性",
        "custom_xml": "自定义 XML",
        "hidden_text": "隐藏的文字",
        "hidden_row": "隐藏的行",
        "hidden_column": "隐藏的列",
        "hidden_sheet": "隐藏的工作表",
        "very_hidden_sheet": "深度隐藏的工作表",
        "hidden_slide": "隐藏的幻灯片",
        "defined_name": "定义的名称",
        "formula": "公式",
        "pivot_cache": "数据透视表缓存",
        "external_link": "外部链接",
        "chart_cache": "图表缓存",
        "alt_text": "替代文字",
        "embedded_file": "嵌入的文件",
        "notes": "备注",
        "annotation": "注释",
        "form_field": "表单域",
        "layer": "图层",
        "earlier_revision": "早先的版本",
        "attachment": "附件",
        "xmp": "XMP 元数据",
        "thumbnail": "缩略图",
        "off_page": "页面以外的文字",
        "covered_text": "被遮住的文字",
        "javascript": "脚本",
        "bookmark": "书签",
        "link": "链接地址",
        "exif": "图片元数据",
        "trailing_bytes": "文件结构以外的字节",
        "macro": "宏",
        "printer_settings": "打印机设置",
        "shared_string_unused": "不再使用的单元格文字",
        "data_validation": "数据验证",
        "query_table": "外部查询",
        "speaker_notes": "演讲者备注",
        "master": "母版",
        "revision_ids": "修订标识",
        "other_part": "其他内部部件",
    }
)
