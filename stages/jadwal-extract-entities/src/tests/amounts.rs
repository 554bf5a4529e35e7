//! Amounts and addresses.

use jadwal_core::facts::Label;

use super::check;

#[test]
fn money() {
    check(
        Label::Money,
        &[
            (
                "26 مليار دولار أمريكي",
                "26 مليار دولار أمريكي -> 26000000000 USD",
            ),
            ("بقيمة 75 مليون دولار", "75 مليون دولار -> 75000000 USD"),
            ("و1.5 مليون ريال قطري", "1.5 مليون ريال قطري -> 1500000 QAR"),
            ("٣٫٥ مليارات يورو", "٣٫٥ مليارات يورو -> 3500000000 EUR"),
            ("مليونا دولار", "مليونا دولار -> 2000000 USD"),
            (
                "ثلاثة ملايين درهم إماراتي",
                "ثلاثة ملايين درهم إماراتي -> 3000000 AED",
            ),
            ("200 ألف دينار", "200 ألف دينار -> 200000 XXX"),
            (
                "$5 million and US$3.5bn",
                "$5 million -> 5000000 USD | US$3.5bn -> 3500000000 USD",
            ),
            ("€ 3,5 milliards", "€ 3,5 milliards -> 3500000000 EUR"),
            (
                "3,5 milliards d'euros",
                "3,5 milliards d'euros -> 3500000000 EUR",
            ),
            (
                "USD 5 million, 5,000 QAR",
                "USD 5 million -> 5000000 USD | 5,000 QAR -> 5000 QAR",
            ),
            ("£20, 30€", "£20 -> 20 GBP | 30€ -> 30 EUR"),
            ("$5-10 million", "$5-10 million -> 5000000/10000000 USD"),
            ("try 5 times, won 3 games", ""),
            (
                "$1.5 bn, 1,5 Md€",
                "$1.5 bn -> 1500000000 USD | 1,5 Md€ -> 1500000000 EUR",
            ),
            ("1,5 Md d'euros", "1,5 Md d'euros -> 1500000000 EUR"),
            (
                "3 مليارات ونصف المليار دولار",
                "3 مليارات ونصف المليار دولار -> 3500000000 USD",
            ),
            (
                "one and a half billion dollars",
                "one and a half billion dollars -> 1500000000 USD",
            ),
            (
                "milliard et demi de dollars",
                "milliard et demi de dollars -> 1500000000 USD",
            ),
            (
                "بين 10 و20 مليون دولار",
                "10 و20 مليون دولار -> 10000000/20000000 USD",
            ),
            (
                "between $10 and $20 million",
                "$10 and $20 million -> 10000000/20000000 USD",
            ),
            ("$10m-$20m", "$10m-$20m -> 10000000/20000000 USD"),
            ("a $10-million project", "$10-million -> 10000000 USD"),
            (
                "USD5m, QAR20m",
                "USD5m -> 5000000 USD | QAR20m -> 20000000 QAR",
            ),
            ("بـ75 مليون دولار", "75 مليون دولار -> 75000000 USD"),
            ("عشرات الملايين من الدولارات", ""),
            // The country that the document speaks of names the currency.
            ("في مصر 5 ملايين جنيه", "5 ملايين جنيه -> 5000000 EGP"),
            ("القطرية بمبلغ 3 ملايين ريال", "3 ملايين ريال -> 3000000 QAR"),
            ("بين قطر والسعودية 7 ريالات", "7 ريالات -> 7 XXX"),
        ],
    );
}

#[test]
fn percentages_and_quantities() {
    check(
        Label::Percent,
        &[
            ("25%, ٢٥٪, %30", "25% -> 25 | ٢٥٪ -> 25 | %30 -> 30"),
            (
                "25 في المئة و30 بالمائة",
                "25 في المئة -> 25 | 30 بالمائة -> 30",
            ),
            (
                "3.5 percent, 4,2 pour cent",
                "3.5 percent -> 3.5 | 4,2 pour cent -> 4.2",
            ),
            ("fell -2.5% to 5-10%", "-2.5% -> -2.5 | 5-10% -> 5/10"),
            ("خمسة وعشرون في المئة", "خمسة وعشرون في المئة -> 25"),
            (
                "نصف في المئة، 3 نقاط مئوية",
                "نصف في المئة -> 0.5 | 3 نقاط مئوية -> 3",
            ),
            ("http://a.example/x%20y", ""),
        ],
    );
    check(
        Label::Quantity,
        &[
            (
                "12 كيلومترا و300 ألف طن",
                "12 كيلومترا -> 12 km | 300 ألف طن -> 300000 t",
            ),
            (
                "10 ملايين برميل يوميا",
                "10 ملايين برميل يوميا -> 10000000 bbl/d",
            ),
            (
                "millions of barrels, 2 million barrels",
                "millions of barrels -> 1000000 bbl | 2 million barrels -> 2000000 bbl",
            ),
            (
                "5 km/h, 20°C, 3 m², 450MW",
                "5 km/h -> 5 km/h | 20°C -> 20 °C | 3 m² -> 3 m² | 450MW -> 450 MW",
            ),
            (
                "five kilometres; 900x450; 5G; 3 men",
                "five kilometres -> 5 km",
            ),
        ],
    );
}

#[test]
fn addresses() {
    check(
        Label::Url,
        &[
            (
                "See https://a.example/b_(c)?d=1.",
                "https://a.example/b_(c)?d=1 -> https://a.example/b_(c)?d=1",
            ),
            (
                "(www.example.org)",
                "www.example.org -> http://www.example.org",
            ),
            (
                "زر http://example.com/خبر، ثم",
                "http://example.com/خبر -> http://example.com/خبر",
            ),
            ("www. http:// https and www.x", ""),
        ],
    );
    check(
        Label::Email,
        &[
            ("press@Example.qa.", "press@Example.qa -> press@example.qa"),
            (
                "a.2016-11-21@b.example, @name x@y",
                "a.2016-11-21@b.example -> a.2016-11-21@b.example",
            ),
        ],
    );
    check(
        Label::Phone,
        &[
            ("+974 4412 3456", "+974 4412 3456 -> +97444123456"),
            ("0097444123456", "0097444123456 -> +97444123456"),
            ("٠٠٩٧٤٤٤١٢٣٤٥٦", "٠٠٩٧٤٤٤١٢٣٤٥٦ -> +97444123456"),
            ("+44 (20) 7946-0958", "+44 (20) 7946-0958 -> +442079460958"),
            ("(+974) 44123456", "(+974) 44123456 -> +97444123456"),
            ("هاتف: 4412 3456", "4412 3456 -> 44123456"),
            ("هاتف: 44123456 974+", "44123456 974+ -> +97444123456"),
            ("55667788, +5.5%, 0044, a+123456789", ""),
        ],
    );
}
