"""Units of measurement by their names in several languages, and from one into another, exactly.

Where a name stands for several units, the one of the metric system or of the United States is meant, as `means` says.
"""

# ruff: noqa: E501 - a row of a table is read as one line

from dataclasses import dataclass
from fractions import Fraction
from functools import cache

# dimension: (how many of the base unit it is, its names); the first of each is the base
_LENGTH = """
1 m metre metres meter meters mètre mètres metro metros 米 公尺 метр метра метров
1000 km kilometre kilometres kilometer kilometers kilomètre kilomètres kilómetro kilómetros quilômetro quilômetros 公里 千米 километр километров километрах キロメートル 킬로미터
1/100 cm centimetre centimetres centimeter centimeters zentimeter centimètre centimètres centímetro centímetros 厘米 公分
1/10 dm decimetre decimetres decimeter decimeters 分米
1/1000 mm millimetre millimetres millimeter millimeters millimètre millimètres milímetro milímetros 毫米
1/1000000 µm μm micrometre micrometres micrometer micrometers micron microns 微米
201168/125 mi mile miles meile meilen mille milles milla millas milha milhas 英里 マイル 마일 миля мили миль
3048/10000 ft foot feet fuß pied pieds pie pies 英尺 呎
254/10000 inch inches zoll pouce pouces pulgada pulgadas polegada polegadas 英寸 吋
9144/10000 yd yard yards 码
1852 nmi nautical_mile nautical_miles seemeile seemeilen 海里
500 里
1/3 尺
1/30 寸
"""
_MASS = """
1 g gram grams gramme grammes gramm gramo gramos grama gramas 克 公克 грамм граммов 그램
1000 kg kilo kilos kilogram kilograms kilogramm kilogramme kilogrammes kilogramo kilogramos quilo quilos 公斤 千克 кг килограмм килограммов キロ 킬로
1/1000 mg milligram milligrams milligramm 毫克
1000000 t tonne tonnes metric_ton metric_tons 吨
45359237/100000 lb lbs pound pounds pfund livre livres libra libras 磅 фунт фунтах ポンド 파운드
45359237/1600000 oz ounce ounces unze unzen once onces onza onzas 盎司
45359237/100000*14 st stone stones
500 斤
50 两重
"""
_VOLUME = """
1 l litre litres liter liters litro litros 升 公升 литр литров
1/1000 ml millilitre millilitres milliliter milliliters millilitro mililitro mililitros 毫升
1/100 cl centilitre centilitres centiliter centiliters 厘升
1/10 dl decilitre decilitres deciliter deciliters 分升
1000 m³ cubic_metre cubic_metres cubic_meter cubic_meters kubikmeter 立方米
3785411784/1000000000 gallon gallons gal gallone gallonen 加仑
473176473/1000000000 pint pints pinte pinten
946352946/1000000000 quart quarts
2365882365/10000000000 cup cups tasse tassen 杯
295735295625/10000000000000 fluid_ounce fluid_ounces fl_oz
147867647813/10000000000000 tbsp tablespoon tablespoons esslöffel
492892159375/100000000000000 tsp teaspoon teaspoons teelöffel
"""
_AREA = """
1 m² m2 square_metre square_metres square_meter square_meters quadratmeter 平方米 平米
1000000 km² km2 square_kilometre square_kilometres square_kilometer square_kilometers quadratkilometer 平方公里
1/10000 cm² cm2 square_centimetre square_centimetres square_centimeter square_centimeters 平方厘米
10000 ha hectare hectares hektar hectárea hectáreas 公顷
40468564224/10000000 acre acres 英亩
9290304/100000000 ft² sq_ft square_foot square_feet 平方英尺
40468564224/10000000*640 square_mile square_miles
2000/3 亩
"""
_TIME = """
1 s sec second seconds sekunde sekunden seconde secondes segundo segundos 秒 секунд секунда 초
60 min minute minutes minuten minuto minutos 分钟 минут минута 분
3600 h hr hour hours stunde stunden heure heures hora horas 小时 钟头 час часов 시간
86400 d day days tag tage jour jours journée día días dia dias 天 сутках сутки день дней 하루
604800 week weeks woche wochen semaine semaines semana semanas 周 星期 礼拜
1/1000 ms millisecond milliseconds 毫秒
"""
_SPEED = """
1 m/s metres_per_second meters_per_second 米每秒
5/18 km/h kmh kph kilometres_per_hour kilometers_per_hour 公里每小时 千米每小时
1397/3125 mph miles_per_hour 英里每小时
463/900 knot knots kn knoten 节
"""
_DATA = """
1 byte bytes 字节
1000 kb kilobyte kilobytes
1000000 mb megabyte megabytes 兆
1000000000 gb gigabyte gigabytes g_b
1000000000000 tb terabyte terabytes
1024 kib
1048576 mib
1073741824 gib
"""
_ENERGY = """
1 j joule joules 焦耳
1000 kj kilojoule kilojoules 千焦
4184/1000 cal calorie_small
4184 kcal kilocalorie kilocalories calorie calories kalorien 千卡 大卡 卡路里
3600000 kwh kilowatt_hour kilowatt_hours kilowattstunde kilowattstunden 千瓦时 度电
"""
_TEMPERATURE = {
    "°c": "c", "celsius": "c", "centigrade": "c", "摄氏度": "c", "degrees_celsius": "c", "grad_celsius": "c",
    "degrees_c": "c", "°f": "f", "fahrenheit": "f", "华氏度": "f", "degrees_fahrenheit": "f", "degrees_f": "f",
    "grad_fahrenheit": "f", "kelvin": "k", "开尔文": "k",
}  # fmt: skip


@dataclass(frozen=True)
class Unit:
    """What a name stands for. in_base: how many of the base of its dimension it is; times 1, plus `offset` of it."""

    dimension: str
    in_base: Fraction
    offset: Fraction = Fraction(0)


def unit(name: str) -> Unit | None:
    """By its name or sign, in lower case or not, several words joined by a blank or "_"."""
    return units().get("_".join(name.lower().split()))


def converted(value: Fraction, source: Unit, target: Unit) -> Fraction | None:
    """None where one cannot be made of the other."""
    if source.dimension != target.dimension:
        return None
    return ((value * source.in_base + source.offset) - target.offset) / target.in_base


@cache
def units() -> dict[str, Unit]:
    """Every name, in lower case with "_" for a blank, and what it means."""
    found: dict[str, Unit] = {}
    kinds = {"length": _LENGTH, "mass": _MASS, "volume": _VOLUME, "area": _AREA, "time": _TIME, "speed": _SPEED}
    for dimension, lines in {**kinds, "data": _DATA, "energy": _ENERGY}.items():
        for line in lines.strip().split("\n"):
            factor, *names = line.split()
            times = factor.split("*")
            size = Fraction(times[0]) * (int(times[1]) if times[1:] else 1)
            found |= {name: Unit(dimension, size) for name in names}
    celsius, fahrenheit = (Fraction(1), Fraction("273.15")), (Fraction(5, 9), Fraction("459.67") * Fraction(5, 9))
    scales = {"c": celsius, "f": fahrenheit, "k": (Fraction(1), Fraction(0))}
    return found | {name: Unit("temperature", *scales[scale]) for name, scale in _TEMPERATURE.items()}
