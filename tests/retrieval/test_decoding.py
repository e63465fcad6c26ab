"""Text is read in the encoding it was written in, however short it is, and whatever a message claims."""

import os
import time

import pytest

from retrieval.decoding import decode, decode_as

WRITTEN = [
    ("utf-16-le", "Straße;Größe\nHauptstraße;12,5\n"),
    ("utf-16-be", "Straße;Größe\nHauptstraße;12,5\n"),
    ("cp1252", "Straße;Ort;Größe\nHauptstraße 5;Köln;12,5\nÄgidienweg;Düsseldorf;7,0\n"),
    ("cp1252", "Kundennummer;Name;Betrag\n1;Müller;4,20\n2;Meier;3,10\n"),
    ("cp1252", "Nom;Prénom;Ville\nLefèvre;Zoé;Besançon\nGarçon;Hélène;Orléans\n"),
    ("cp1252", "L’été à Besançon coûte 5 €"),
    ("cp1252", "Señor Núñez – “hola”"),
    ("cp1252", "20 °C"),
    ("cp1250", "Nazwisko;Miasto\nWiśniewski;Łódź\nŻółkiewski;Kraków\nGąsior;Częstochowa\n"),
    ("cp1250", "Příliš žluťoučký kůň úpěl ďábelské ódy"),
    ("cp1250", "Név;Város\nKovács Győző;Pécs\nSzűcs Ödön;Székesfehérvár\n"),
    ("iso-8859-2", "Nazwisko;Miasto\nWiśniewski;Łódź\nŻółkiewski;Kraków\n"),
    ("cp1251", "Имя;Город;Сумма\nИван Петров;Москва;1200\nАнна Сидорова;Казань;350\n"),
    ("koi8-r", "Имя;Город;Сумма\nИван Петров;Москва;1200\nАнна Сидорова;Казань;350\n"),
    ("cp866", "Имя;Город;Сумма\nИван Петров;Москва;1200\nАнна Сидорова;Казань;350\n"),
    ("shift_jis", "商品コード,価格\nアイス,120\nケーキ,350\n"),
    ("shift_jis", "会議は金曜日の午後三時に始まります。"),
    ("euc-jp", "名前,住所,金額\n山田太郎,東京都港区,1200\n鈴木花子,大阪市北区,350\n"),
    ("iso2022_jp", "名前,住所,金額\n山田太郎,東京都港区,1200\n"),
    ("euc-kr", "이름,도시,금액\n김철수,서울,1200\n이영희,부산,350\n"),
    ("big5", "姓名,城市,金額\n陳大文,台北,1200\n林小明,高雄,350\n"),
    ("gb18030", "姓名,城市,金额\n张伟,北京,1200\n李娜,上海,350\n"),
    ("gb18030", "编号,品名\n1,苹果\n"),
    ("cp1253", "Όνομα;Πόλη;Ποσό\nΓιώργος Παπαδόπουλος;Αθήνα;1200\nΜαρία;Θεσσαλονίκη;350\n"),
    ("cp1254", "Ad;Şehir;Tutar\nAyşe Yılmaz;İstanbul;1200\nÖmer Çağlar;Eskişehir;350\n"),
    ("cp1255", "שם,עיר,סכום\nדוד כהן,ירושלים,1200\nרות לוי,חיפה,350\n"),
    ("cp1256", "الاسم,المدينة,المبلغ\nمحمد علي,القاهرة,1200\nفاطمة,دمشق,350\n"),
    ("cp1257", "Vardas;Miestas\nJonas Šimkus;Kaunas\nRūta Žemaitė;Panevėžys\n"),
    ("cp874", "ชื่อ,เมือง,จำนวน\nสมชาย,กรุงเทพ,1200\nสมหญิง,เชียงใหม่,350\n"),
    ("mac_roman", "Nom;Prénom;Ville\nLefèvre;Zoé;Besançon\nGarçon;Hélène;Orléans\n"),
    ("cp850", "Straße;Ort;Größe\nHauptstraße 5;Köln;12,5\nÄgidienweg;Düsseldorf;7,0\n"),
]


@pytest.mark.parametrize(("encoding", "text"), WRITTEN)
def test_an_encoding_that_nothing_names_is_found(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding))[0] == text


def test_one_foreign_line_does_not_spoil_the_others() -> None:
    data = "Straße über die Brücke\n".encode() * 5 + "Größe\n".encode("cp1252") + "Tür".encode()[:-2]
    text, guess = decode(data)
    assert text.startswith("Straße über die Brücke\n" * 5 + "Größe\nT")
    assert not guess


@pytest.mark.parametrize(
    ("declared", "encoding", "text"),
    [
        ("iso-8859-1", "cp1252", "10 € – “so”"),
        ("us-ascii", "cp1252", "Größe"),
        ("us-ascii", "utf-8", "Größe"),
        ("iso-8859-1", "utf-8", "Größe"),
        ("utf-8", "cp1252", "Größe der Tür"),
        ("gb2312", "gb18030", "朱镕基"),
        ("ks_c_5601-1987", "cp949", "회의는 금요일"),
        ("x-unknown", "utf-8", "Größe"),
        ("none such", "cp1252", "Größe"),
        ("rot13", "ascii", "Hello"),
        (None, "utf-16", "Größe"),
        ("utf-16", "utf-16", "Größe"),
        ("utf-7", "utf-7", "Größe"),
        ("iso-2022-jp", "iso2022_jp", "会議は金曜日"),
        ("koi8-r", "koi8-r", "Счёт оплачен"),
        ("windows-1252", "cp1251", "Èìÿ"),
    ],
)
def test_what_is_claimed_is_believed_unless_the_bytes_say_otherwise(
    declared: str | None, encoding: str, text: str
) -> None:
    data = "Имя".encode("cp1251") if encoding == "cp1251" else text.encode(encoding)
    assert decode_as(data, declared)[0] == text


def test_bytes_of_no_language_take_no_longer() -> None:
    for data in (os.urandom(2_000_000), b"\xe9" * 2_000_000, b"\xe9\n" * 1_000_000):
        began = time.process_time()
        decode(data)
        assert time.process_time() - began < 10
