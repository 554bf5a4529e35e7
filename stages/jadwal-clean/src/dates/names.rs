//! Names of months and words of date lines, folded.

/// Names of the months: Egyptian and Gulf, Levantine, Tunisian and Algerian, Moroccan, Persian, Urdu,
/// English, French, German, Turkish, Spanish.
const MONTHS: [&str; 12] = [
    "يناير جانفي ژانويه جنوري january jan janvier januar ocak enero",
    "فبراير شباط فيفري فوريه فروري february feb fevrier februar subat febrero",
    "مارس اذار مارچ march mar mars marz mart marzo",
    "ابريل نيسان افريل اوريل اپريل april apr avril nisan abril",
    "مايو ايار ماي مه ميي may mai mayıs mayo",
    "يونيو يونيه حزيران جوان ژوين جون june jun juin juni haziran junio",
    "يوليو يوليه تموز جويليه يوليوز ژوييه جولايي july jul juillet juli temmuz julio",
    "اغسطس اب اوت غشت اگست august aug aout agustos agosto",
    "سبتمبر ايلول شتنبر سپتامبر ستمبر september sept sep septembre eylul septiembre",
    "اكتوبر اكتبر october oct octobre oktober ekim octubre",
    "نوفمبر نونبر نوامبر نومبر november nov novembre kasım noviembre",
    "ديسمبر دجنبر دسامبر دسمبر december dec decembre dezember aralık diciembre",
];

/// Months of the Islamic and the Persian year.
const OTHER_MONTHS: &str = "محرم صفر رجب شعبان رمضان شوال فروردين ارديبهشت خرداد تير مرداد شهريور \
    مهر ابان اذر دي بهمن اسفند";

const UNITS: &str = "سنه سنوات سنتين عام اعوام شهر اشهر شهور اسبوع اسابيع يوم ايام ساعه ساعات \
    دقيقه دقايق ثانيه ثواني روز ماه year years month months week weeks day days hour hours minute \
    minutes jours";

const WEEKDAYS: &str = "السبت الاحد الاثنين الثلاثاء الاربعاء الخميس الجمعه شنبه يكشنبه دوشنبه سه \
    سهشنبه چهارشنبه پنجشنبه جمعه اتوار پير منگل بدھ جمعرات هفته saturday sunday monday tuesday \
    wednesday thursday friday sat sun mon tue tues wed thu thur thurs fri samedi dimanche lundi \
    mardi mercredi jeudi vendredi montag dienstag mittwoch donnerstag freitag samstag sonntag \
    pazartesi salı carsamba persembe cuma cumartesi pazar lunes martes miercoles jueves viernes";

/// "Published", "updated", "at", times of the day, time zones.
const OTHERS: &str = "اخر تحديث التحديث تم نشر نشره نشرت النشر تاريخ بتاريخ التاريخ منذ الساعه ساعت \
    في علي اليوم صباحا مساء ظهرا ص م ه هجري ميلادي الموافق بتوقيت غرينتش جرينتش مكه انتشار شايع \
    gmt utc am pm est edt on at last updated update published posted created modified date le a \
    publie mis jour modifie h uhr um den stand veroffentlicht erstellt aktualisiert letzte \
    aktualisierung zuletzt yayınlanma yayın giris tarih tarihi son guncelleme guncellenme saat \
    publicado actualizado el las \
    اخرين به روز رساني روزرساني بهروزرساني بروزرساني";

/// Words after which the date of the last change stands, and those after which another one does.
const UPDATES: &str = "تحديث التحديث updated modified jour modifie actualizado aktualisiert \
    aktualisierung guncelleme guncellenme روزرساني بهروزرساني بروزرساني";
const PUBLICATIONS: &str = "نشر نشره نشرت النشر انتشار published posted created publie publicado \
    veroffentlicht erstellt yayınlanma yayın giris شايع";

/// Returns the number of the month that `word`, alone or with `next`, names, and how many words that
/// takes. Months of other calendars have no number.
pub(super) fn month(word: &str, next: &str) -> Option<(Option<i16>, usize)> {
    match (word, next) {
        ("كانون", "الثاني") => return Some((Some(1), 2)),
        ("تشرين", "الاول") => return Some((Some(10), 2)),
        ("تشرين", "الثاني") => return Some((Some(11), 2)),
        ("كانون", "الاول") => return Some((Some(12), 2)),
        ("ربيع" | "جمادي", "الاول" | "الاولي" | "الثاني" | "الثانيه" | "الاخر" | "الاخره")
        | ("ذو" | "ذي", "القعده" | "الحجه") => return Some((None, 2)),
        _ => {}
    }
    if has(OTHER_MONTHS, word) {
        return Some((None, 1));
    }
    let index = MONTHS.iter().position(|names| has(names, word))?;
    Some((i16::try_from(index + 1).ok(), 1))
}

/// Whether `word` is a unit of time.
pub(super) fn is_unit(word: &str) -> bool {
    has(UNITS, word)
}

/// Whether `word` belongs to date lines.
pub(super) fn is_time_word(word: &str) -> bool {
    [WEEKDAYS, UNITS, OTHERS].iter().any(|list| has(list, word))
}

/// Whether the date after `word` is that of the last change.
pub(super) fn is_update_word(word: &str) -> bool {
    has(UPDATES, word)
}

/// Whether the date after `word` is that of the publication.
pub(super) fn is_publication(word: &str) -> bool {
    has(PUBLICATIONS, word)
}

fn has(list: &str, word: &str) -> bool {
    let (bytes, length) = (list.as_bytes(), word.len());
    let is_blank = |at: usize| bytes.get(at).is_none_or(|byte| *byte == b' ');
    let is_whole = |at: usize| (at == 0 || is_blank(at - 1)) && is_blank(at + length);
    let is_word = length > 0 && !word.contains(' ');
    is_word && memchr::memmem::find_iter(bytes, word).any(is_whole)
}

#[cfg(test)]
mod tests {
    use jadwal_core::fold::fold;

    use super::*;

    #[test]
    fn every_name_is_written_folded() {
        let lists = [OTHER_MONTHS, UNITS, WEEKDAYS, OTHERS, UPDATES, PUBLICATIONS];
        for word in MONTHS
            .iter()
            .chain(&lists)
            .flat_map(|list| list.split_whitespace())
        {
            assert_eq!(fold(word), word);
        }
    }
}
