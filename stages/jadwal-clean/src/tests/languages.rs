//! Small made-up pages in the languages that have a list of phrases and no labelled page.

use super::{cleaned, text};

/// The code of a language, what stands above the story, the story, what stands below; `|` parts lines.
const PAGES: [[&str; 4]; 25] = [
    [
        "it",
        "Vai al contenuto|Accedi|Condividi su Facebook",
        "Riaperto il vecchio ponte sul fiume|Il comune ha riaperto questa mattina il vecchio ponte ai pedoni e alle biciclette, dopo due anni di lavori ai pilastri di pietra.|Il sindaco ha detto che metà della somma è arrivata dalle offerte degli abitanti, e che le auto per ora non potranno passare.",
        "Leggi anche: Chiusa la strada del porto|Articoli correlati|Il mercato torna in piazza|Nuovo orario per i treni|Lascia un commento|Il tuo indirizzo email non sarà pubblicato.|Questo sito utilizza cookie per migliorare la navigazione e per mostrare annunci adatti agli interessi di chi legge le pagine.|Tutti i diritti riservati",
    ],
    [
        "pt",
        "Ir para o conteúdo|Entrar|Compartilhar",
        "Cidade reabre a ponte antiga sobre o rio|A prefeitura reabriu nesta manhã a ponte antiga para pedestres e bicicletas, depois de dois anos de obras nos pilares de pedra.|O prefeito disse que metade do dinheiro veio de doações dos moradores, e que os carros por enquanto não poderão passar.",
        "Leia também: Estrada do porto fechada|Notícias relacionadas|Feira volta à praça|Novo horário dos trens|Deixe um comentário|O seu endereço de e-mail não será publicado.|Utilizamos cookies para melhorar a sua navegação e para mostrar anúncios que combinam com os interesses de quem lê as páginas.|Todos os direitos reservados",
    ],
    [
        "nl",
        "Ga naar de inhoud|Inloggen|Deel dit artikel",
        "Oude brug over de rivier weer open|De gemeente heeft de oude brug vanmorgen weer geopend voor voetgangers en fietsers, na twee jaar werk aan de stenen pijlers.|De burgemeester zei dat de helft van het geld van de inwoners kwam, en dat auto's er voorlopig niet over mogen rijden.",
        "Lees ook: Weg naar de haven dicht|Gerelateerde artikelen|Markt terug op het plein|Nieuwe dienstregeling voor treinen|Laat een reactie achter|Je e-mailadres wordt niet gepubliceerd.|Wij gebruiken cookies om de site beter te maken en om advertenties te tonen die passen bij wat de bezoeker graag leest.|Alle rechten voorbehouden",
    ],
    [
        "pl",
        "Przejdź do treści|Zaloguj się|Udostępnij",
        "Stary most na rzece znowu otwarty|Miasto otworzyło dziś rano stary most dla pieszych i rowerzystów, po dwóch latach prac przy kamiennych filarach w nurcie rzeki.|Burmistrz powiedział, że połowa pieniędzy pochodziła od mieszkańców, a samochody na razie nie będą mogły przez ten most jeździć.",
        "Czytaj także: Droga do portu zamknięta|Powiązane artykuły|Targ wraca na rynek|Nowy rozkład jazdy pociągów|Dodaj komentarz|Twój adres e-mail nie zostanie opublikowany.|Ta strona używa plików cookie, aby działała lepiej i aby pokazywać reklamy, które pasują do tego, co czytelnik lubi najbardziej czytać.|Wszelkie prawa zastrzeżone",
    ],
    [
        "uk",
        "Перейти до вмісту|Увійти|Поділитися",
        "Старий міст через річку знову відкрито|Міська рада відкрила сьогодні вранці старий міст для пішоходів і велосипедистів, після двох років робіт на його кам'яних опорах.|Мер сказав, що половину грошей зібрали мешканці міста, а автомобілям поки що їздити через цей міст буде заборонено.",
        "Читайте також: Дорогу до порту закрито|Схожі новини|Ярмарок повертається на площу|Новий розклад потягів|Залишити коментар|Ваша e-mail адреса не оприлюднюватиметься.|Ми використовуємо файли cookie, щоб сайт працював краще, а реклама на ньому відповідала тому, що відвідувач любить читати найбільше.|Всі права захищені",
    ],
    [
        "sv",
        "Hoppa till innehåll|Logga in|Dela artikeln",
        "Den gamla bron över ån öppen igen|Kommunen öppnade i morse den gamla bron för gående och cyklister, efter två år av arbete med pelarna av sten i vattnet.|Borgmästaren sade att hälften av pengarna kom från invånarna, och att bilar tills vidare inte får köra över den gamla bron.",
        "Läs också: Vägen till hamnen stängd|Relaterade artiklar|Marknaden tillbaka på torget|Ny tidtabell för tågen|Lämna en kommentar|Din e-postadress kommer inte publiceras.|Vi använder cookies för att göra sidan bättre och för att visa annonser som passar det som besökaren helst vill läsa om.|Alla rättigheter förbehållna",
    ],
    [
        "da",
        "Gå til indhold|Log ind|Del artiklen",
        "Den gamle bro over åen er åben igen|Kommunen åbnede i morges den gamle bro for fodgængere og cyklister, efter to års arbejde med pillerne af sten ude i vandet.|Borgmesteren sagde, at halvdelen af pengene kom fra byens borgere, og at biler indtil videre ikke må køre over den gamle bro.",
        "Læs også: Vejen til havnen er lukket|Relaterede artikler|Markedet tilbage på torvet|Ny køreplan for togene|Skriv en kommentar|Din e-mailadresse vil ikke blive publiceret.|Vi bruger cookies til at gøre siden bedre og til at vise annoncer, der passer til det, som den besøgende helst vil læse.|Alle rettigheder forbeholdes",
    ],
    [
        "no",
        "Hopp til innhold|Logg inn|Del saken",
        "Den gamle broen over elva er åpen igjen|Kommunen åpnet i dag morges den gamle broen for gående og syklister, etter to år med arbeid på pilarene av stein ute i elva.|Ordføreren sa at halvparten av pengene kom fra innbyggerne, og at biler inntil videre ikke får kjøre over den gamle broen.",
        "Les også: Veien til havna er stengt|Relaterte saker|Markedet tilbake på torget|Ny ruteplan for togene|Legg igjen en kommentar|Din e-postadresse vil ikke bli publisert.|Vi bruker informasjonskapsler for å gjøre siden bedre og for å vise annonser som passer til det den besøkende helst vil lese.|Alle rettigheter reservert",
    ],
    [
        "fi",
        "Siirry sisältöön|Kirjaudu sisään|Jaa artikkeli",
        "Vanha silta joen yli on taas auki|Kaupunki avasi tänä aamuna vanhan sillan jalankulkijoille ja pyöräilijöille, kun sen kivisiä pilareita oli ensin korjattu kahden vuoden ajan vedessä.|Pormestari sanoi, että puolet rahoista tuli asukkailta, ja että autot eivät toistaiseksi saa ajaa vanhan sillan yli lainkaan, vaikka monet sitä toivovat.",
        "Lue myös: Satamaan vievä tie suljettu|Aiheeseen liittyvää|Tori palaa keskustaan|Junille uudet aikataulut|Jätä kommentti|Sähköpostiosoitettasi ei julkaista.|Käytämme evästeitä, jotta sivusto toimisi paremmin ja jotta voisimme näyttää mainoksia, jotka sopivat siihen, mitä kävijä lukee mieluiten ja kaikkein useimmin.|Kaikki oikeudet pidätetään",
    ],
    [
        "cs",
        "Přejít k obsahu|Přihlásit se|Sdílet na Facebooku",
        "Starý most přes řeku je znovu otevřen|Město dnes ráno znovu otevřelo starý most pro chodce a cyklisty, po dvou letech prací na kamenných pilířích v řece.|Starosta řekl, že polovina peněz přišla od obyvatel města, a že auta zatím přes starý most jezdit nebudou smět.",
        "Čtěte také: Silnice k přístavu je uzavřena|Související články|Trh se vrací na náměstí|Nový jízdní řád vlaků|Přidat komentář|Vaše e-mailová adresa nebude zveřejněna.|Tento web používá cookies, aby fungoval lépe a aby ukazoval reklamy, které se hodí k tomu, co návštěvník rád čte.|Všechna práva vyhrazena",
    ],
    [
        "sk",
        "Preskočiť na obsah|Prihlásiť sa|Zdieľať",
        "Starý most cez rieku je znovu otvorený|Mesto dnes ráno znovu otvorilo starý most pre chodcov a cyklistov, po dvoch rokoch prác na kamenných pilieroch v rieke.|Primátor povedal, že polovica peňazí prišla od obyvateľov mesta, a že autá zatiaľ cez starý most jazdiť nebudú smieť.",
        "Čítajte aj: Cesta k prístavu je uzavretá|Súvisiace články|Trh sa vracia na námestie|Nový cestovný poriadok vlakov|Pridať komentár|Vaša e-mailová adresa nebude zverejnená.|Táto stránka používa cookies, aby fungovala lepšie a aby ukazovala reklamy, ktoré sa hodia k tomu, čo návštevník rád číta.|Všetky práva vyhradené",
    ],
    [
        "hu",
        "Ugrás a tartalomra|Bejelentkezés|Megosztás Facebookon",
        "Újra nyitva a régi híd a folyó fölött|A város ma reggel újra megnyitotta a régi hidat a gyalogosok és a kerékpárosok előtt, miután két évig javították a folyóban álló kőpilléreket.|A polgármester azt mondta, hogy a pénz felét a lakosok adták össze, és hogy az autók egyelőre nem mehetnek át a régi hídon.",
        "Kapcsolódó cikkek|Visszatér a piac a főtérre|Új menetrend a vonatokon|Szólj hozzá|Az e-mail címet nem tesszük közzé.|Ez a weboldal sütiket használ, hogy jobban működjön, és hogy olyan hirdetéseket mutasson, amelyek illenek ahhoz, amit a látogató szívesen olvas.|Minden jog fenntartva",
    ],
    [
        "ro",
        "Sari la conținut|Autentificare|Distribuie pe Facebook",
        "Podul vechi peste râu, din nou deschis|Primăria a redeschis în această dimineață podul vechi pentru pietoni și bicicliști, după doi ani de lucrări la pilonii de piatră din apă.|Primarul a spus că jumătate din bani au venit de la locuitori, iar mașinile deocamdată nu vor putea trece peste podul vechi.",
        "Citește și: Drumul spre port, închis|Articole similare|Târgul revine în piață|Orar nou pentru trenuri|Lasă un comentariu|Adresa ta de email nu va fi publicată.|Acest site folosește cookie-uri ca să funcționeze mai bine și ca să arate reclame potrivite cu ceea ce îi place cititorului.|Toate drepturile rezervate",
    ],
    [
        "el",
        "Μετάβαση στο περιεχόμενο|Σύνδεση|Κοινοποίηση",
        "Άνοιξε ξανά η παλιά γέφυρα του ποταμού|Ο δήμος άνοιξε ξανά σήμερα το πρωί την παλιά γέφυρα για πεζούς και ποδήλατα, μετά από δύο χρόνια εργασιών στα πέτρινα βάθρα της.|Ο δήμαρχος είπε ότι τα μισά χρήματα τα έδωσαν οι κάτοικοι, και ότι τα αυτοκίνητα προς το παρόν δεν θα περνούν από εκεί.",
        "Διαβάστε επίσης: Κλειστός ο δρόμος για το λιμάνι|Σχετικά άρθρα|Η αγορά επιστρέφει στην πλατεία|Νέα δρομολόγια για τα τρένα|Αφήστε ένα σχόλιο|Η ηλ. διεύθυνση σας δεν δημοσιεύεται.|Χρησιμοποιούμε cookies ώστε ο ιστότοπος να λειτουργεί καλύτερα και να δείχνει διαφημίσεις που ταιριάζουν σε όσα αρέσουν στον αναγνώστη.|Απαγορεύεται η αναδημοσίευση",
    ],
    [
        "bg",
        "Към съдържанието|Вход|Сподели",
        "Старият мост над реката отново е отворен|Общината отвори тази сутрин стария мост за пешеходци и велосипедисти, след две години работа по каменните му опори във водата.|Кметът каза, че половината пари са дошли от жителите на града, а автомобилите засега няма да могат да минават по него.",
        "Прочетете още: Пътят към пристанището е затворен|Свързани статии|Пазарът се връща на площада|Ново разписание на влаковете|Напиши коментар|Вашият имейл адрес няма да бъде публикуван.|Този сайт използва бисквитки, за да работи по-добре и за да показва реклами, които подхождат на това, което посетителят обича да чете.|Всички права запазени",
    ],
    [
        "hr",
        "Preskoči na sadržaj|Prijava|Podijeli",
        "Stari most preko rijeke ponovno otvoren|Grad je jutros ponovno otvorio stari most za pješake i bicikliste, nakon dvije godine radova na kamenim stupovima u rijeci ispod njega.|Gradonačelnik je rekao da je polovica novca stigla od stanovnika, a da automobili zasad neće smjeti voziti preko starog mosta.",
        "Pročitajte još: Cesta prema luci zatvorena|Povezane vijesti|Tržnica se vraća na trg|Novi vozni red vlakova|Ostavi komentar|Vaša adresa e-pošte neće biti objavljena.|Ova stranica koristi kolačiće kako bi bolje radila i kako bi prikazivala oglase koji odgovaraju onome što posjetitelj najradije čita.|Sva prava pridržana",
    ],
    [
        "he",
        "דלג לתוכן|התחברות|שתפו בפייסבוק",
        "הגשר הישן מעל הנהר נפתח מחדש|העירייה פתחה הבוקר מחדש את הגשר הישן להולכי רגל ולרוכבי אופניים, אחרי שנתיים של עבודות בעמודי האבן שבתוך המים.|ראש העירייה אמר שמחצית הכסף הגיעה מתרומות של תושבי העיר, ושמכוניות לא יוכלו בינתיים לעבור על הגשר הישן כלל.",
        "קראו גם: הדרך לנמל נסגרה|כתבות נוספות|השוק חוזר לכיכר העיר|לוח זמנים חדש לרכבות|הוסף תגובה|האימייל לא יוצג באתר.|אתר זה משתמש בעוגיות כדי שיפעל טוב יותר וכדי להציג פרסומות שמתאימות למה שהמבקר אוהב לקרוא בו יותר מכול.|כל הזכויות שמורות",
    ],
    [
        "hi",
        "मुख्य सामग्री पर जाएं|लॉग इन करें|शेयर करें",
        "नदी पर बना पुराना पुल फिर से खुला|नगर पालिका ने आज सुबह पुराने पुल को पैदल चलने वालों और साइकिल वालों के लिए फिर से खोल दिया, दो साल की मरम्मत के बाद।|मेयर ने कहा कि आधा पैसा शहर के लोगों ने दिया है, और गाड़ियां अभी इस पुल से होकर नहीं जा सकेंगी।",
        "यह भी पढ़ें: बंदरगाह की सड़क बंद|संबंधित खबरें|चौक पर फिर लगेगा बाजार|रेलगाड़ियों का नया समय|टिप्पणी करें|आपका ईमेल पता प्रकाशित नहीं किया जाएगा।|यह वेबसाइट कुकीज़ का इस्तेमाल करती है ताकि वह बेहतर चले और वे विज्ञापन दिखाए जो पाठक की पसंद के हों।|सर्वाधिकार सुरक्षित",
    ],
    [
        "bn",
        "লগইন|শেয়ার করুন",
        "নদীর ওপর পুরোনো সেতু আবার খুলল|পৌরসভা আজ সকালে পুরোনো সেতুটি পথচারী ও সাইকেল আরোহীদের জন্য আবার খুলে দিয়েছে, দুই বছর ধরে পাথরের খুঁটি মেরামতের পর।|মেয়র বলেন, অর্ধেক টাকা এসেছে শহরের মানুষের কাছ থেকে, আর গাড়ি আপাতত এই সেতুর ওপর দিয়ে চলতে পারবে না।",
        "আরও পড়ুন: বন্দরের রাস্তা বন্ধ|সম্পর্কিত খবর|চত্বরে ফিরছে হাট|ট্রেনের নতুন সময়সূচি|মন্তব্য করুন|সর্বস্বত্ব সংরক্ষিত",
    ],
    [
        "id",
        "Langsung ke konten|Masuk|Bagikan artikel",
        "Jembatan tua di atas sungai dibuka lagi|Pemerintah kota pagi ini membuka lagi jembatan tua untuk pejalan kaki dan pesepeda, setelah dua tahun perbaikan pada tiang batunya.|Wali kota mengatakan bahwa separuh uang itu datang dari warga, dan bahwa mobil untuk sementara belum boleh lewat di sana.",
        "Baca juga: Jalan ke pelabuhan ditutup|Artikel terkait|Pasar kembali ke alun-alun|Jadwal baru kereta api|Tinggalkan komentar|Alamat email Anda tidak akan dipublikasikan.|Situs ini menggunakan cookie agar bekerja lebih baik dan agar menampilkan iklan yang cocok dengan apa yang suka dibaca oleh pengunjung.|Hak cipta dilindungi",
    ],
    [
        "vi",
        "Trang chủ|Đăng nhập|Chia sẻ bài viết",
        "Cây cầu cũ qua sông mở cửa trở lại|Thành phố sáng nay mở lại cây cầu cũ cho người đi bộ và xe đạp, sau hai năm sửa chữa các trụ đá ở giữa dòng sông.|Thị trưởng nói rằng một nửa số tiền do người dân đóng góp, và ô tô trong thời gian này chưa được phép chạy qua cầu.",
        "Xem thêm: Đường ra cảng bị đóng|Tin liên quan|Chợ phiên trở lại quảng trường|Lịch chạy tàu mới|Gửi bình luận|Email của bạn sẽ không được hiển thị công khai.|Trang web này sử dụng cookie để hoạt động tốt hơn và để hiển thị quảng cáo phù hợp với những gì mà người đọc quan tâm.|Quảng cáo",
    ],
    [
        "th",
        "เข้าสู่ระบบ|แชร์ข่าวนี้",
        "สะพานเก่าข้ามแม่น้ำเปิดอีกครั้ง|เทศบาลเปิดสะพานเก่าให้คนเดินเท้าและจักรยานใช้ได้อีกครั้งเมื่อเช้าวันนี้ หลังจากซ่อมเสาหินกลางแม่น้ำมานานถึงสองปีเต็ม|นายกเทศมนตรีกล่าวว่าเงินครึ่งหนึ่งมาจากการบริจาคของชาวเมือง และรถยนต์ยังไม่สามารถวิ่งผ่านสะพานเก่านี้ได้ในตอนนี้",
        "อ่านเพิ่มเติม|ข่าวที่เกี่ยวข้อง|ตลาดนัดกลับมาที่ลานเมือง|ตารางเดินรถไฟใหม่|แสดงความคิดเห็น|สงวนลิขสิทธิ์",
    ],
    [
        "ja",
        "本文へ移動|ログイン|この記事をシェアする",
        "川にかかる古い橋が再び開通|市は今朝、川の中にある石の橋脚を二年かけて修理した古い橋を、歩行者と自転車のために再び開いたと発表した。|市長は、費用の半分は住民の寄付によるものであり、自動車は当分の間この橋を通ることができないと述べた。",
        "関連記事|市場が広場に戻る|列車の新しい時刻表|コメントを書く|メールアドレスが公開されることはありません。|無断転載を禁じます",
    ],
    [
        "ko",
        "본문 바로가기|로그인|기사 공유하기",
        "강 위의 옛 다리 다시 열려|시는 오늘 아침 강물 속의 돌 교각을 두 해에 걸쳐 고친 끝에 걷는 사람과 자전거가 다닐 수 있도록 옛 다리를 다시 열었다고 밝혔다.|시장은 비용의 절반을 주민들이 낸 돈으로 마련했으며, 자동차는 당분간 이 옛 다리를 건너 다닐 수 없을 것이라고 기자들에게 말했다.",
        "관련기사|장터가 광장으로 돌아온다|열차 시간표가 바뀐다|댓글 쓰기|이메일 주소는 공개되지 않습니다.|저작권자 © 강변소식, 무단전재 및 재배포 금지",
    ],
    [
        "zh",
        "跳至主要内容|登录|分享到微信",
        "河上的老桥重新开放|市政府今天早上把老桥重新开放给行人和自行车使用，此前工人们花了两年时间修理河水里的石头桥墩。|市长说，一半的费用来自居民的捐款，而汽车暂时还不能从这座老桥上通过，请大家谅解并走新路。",
        "责任编辑：张三|相关阅读|集市回到广场|火车新时刻表|发表评论|您的电子邮箱地址不会被公开。|版权所有 未经许可不得转载",
    ],
];

#[test]
fn the_story_stays_and_what_its_page_says_around_it_goes() {
    let mut wrong = Vec::new();
    for [language, above, story, below] in PAGES {
        let raw = [above, story, below].join("|").replace('|', "\n");
        let doc = cleaned(raw);
        let kept: Vec<&str> = text(&doc).lines().collect();
        let expected: Vec<&str> = story.split('|').collect();
        if kept != expected {
            wrong.push((language, kept.join("\n")));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
