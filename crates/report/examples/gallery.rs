//! Draws every kind of figure, ordinary and extreme, from made-up numbers into a folder: to look at the drawing without running a
//! simulation. It is no test; those are in `tests/` and beside the code.
//!
//! `cargo run -p sanda-report --example gallery -- FOLDER`, or with a `results.json` after the folder, which draws that instead.

use sanda_report::{
    Category, Deadline, DistributionFigure, Estimate, Picture, PromiseMark, ResourceRow, ResourcesFigure,
    StageRow, StagesFigure, colour_verdicts, distribution, resources, stages, summary_text, write_figures,
};
use sanda_results::{Bin, Results, Text, Verdict};

fn bell(from: f64, to: f64, width: f64, peak: f64, tail: f64, total: u64) -> Vec<Bin> {
    let weight = |t: f64| {
        let z = if t < peak { (t - peak) / (peak - from) * 3.0 } else { (t - peak) / tail };
        let falling = 1.0 + z * z / 4.0;
        1.0 / (falling * falling * falling)
    };
    let n = ((to - from) / width) as usize;
    let bins: Vec<(f64, f64)> =
        (0..n).map(|i| from + i as f64 * width).map(|t| (t, weight(t + width / 2.0))).collect();
    let sum: f64 = bins.iter().map(|b| b.1).sum();
    bins.into_iter()
        .map(|(t, w)| Bin { from: t, to: t + width, count: (w / sum * total as f64).round() as u64 })
        .filter(|b| b.count > 0)
        .collect()
}

fn at(bins: &[Bin], total: u64, share: f64) -> f64 {
    let mut seen = 0;
    for bin in bins {
        if (seen + bin.count) as f64 >= share * total as f64 {
            return bin.from + (bin.to - bin.from) * (share * total as f64 - seen as f64) / bin.count as f64;
        }
        seen += bin.count;
    }
    f64::INFINITY
}

fn figure(
    zh: &str,
    en: &str,
    bins: Vec<Bin>,
    unfinished: u64,
    promise: Option<PromiseMark>,
) -> DistributionFigure {
    let total = bins.iter().map(|b| b.count).sum::<u64>() + unfinished;
    let percentiles = [0.5, 0.9, 0.95]
        .map(|share| {
            let value = at(&bins, total, share);
            (share, Estimate { value, interval: Some((value * 0.99, value * 1.01)) })
        })
        .to_vec();
    DistributionFigure {
        title: Text::new(zh, en),
        clock: Text::new("门到门时间", "door-to-door time"),
        bins,
        n_shipments: total,
        n_unfinished: unfinished,
        n_replications: 40,
        percentiles,
        promise,
        confidence: 0.95,
        notes: vec!["情景：基准（base-case），指纹 00000000deadbeef。Scenario: Base case (base-case), fingerprint 00000000deadbeef.".to_owned()],
    }
}

fn promise(hours: f64, share: f64, half: f64, verdict: Verdict) -> PromiseMark {
    PromiseMark {
        deadline: Deadline::Within { hours },
        share: Some(Estimate { value: share, interval: Some((share - half, (share + half).min(1.0))) }),
        target: 0.9,
        verdict,
    }
}

fn main() {
    use Category::{
        Cargo, Disruption, Hours, Inspection, Moving, Rolled, Server, Timetable, Vehicle, Worked,
    };

    let folder = std::env::args().nth(1).expect("a folder");
    if let Some(results) = std::env::args().nth(2) {
        let results = Results::read(results.as_ref()).expect("results");
        write_figures(&results, folder.as_ref()).expect("written");
        print!("{}", colour_verdicts(&summary_text(&results)));
        return;
    }
    let save = |name: &str, picture: &Picture| {
        std::fs::write(format!("{folder}/{name}.png"), picture.to_png()).expect("written");
        std::fs::write(format!("{folder}/{name}.svg"), picture.to_svg()).expect("written");
    };
    let rail = bell(264.0, 700.0, 2.0, 318.0, 40.0, 180_000);
    save(
        "rail",
        &distribution(&figure(
            "国际铁路运输“半月达”：武汉—杜伊斯堡中欧班列",
            "Rail in half a month: Wuhan to Duisburg by the China-Europe Railway Express",
            rail,
            132,
            Some(promise(360.0, 0.7714, 0.0122, Verdict::Broken)),
        )),
    );
    let air = bell(8.0, 60.0, 0.25, 17.0, 4.5, 52_000);
    save(
        "air",
        &distribution(&figure(
            "国际空运“一日达”",
            "International air within a day",
            air,
            0,
            Some(promise(24.0, 0.926, 0.004, Verdict::Kept)),
        )),
    );
    let sea = bell(500.0, 1200.0, 4.0, 690.0, 90.0, 9_000);
    save(
        "sea",
        &distribution(&figure(
            "远洋运输“一月达”：武汉阳逻港—上海洋山—鹿特丹，经长江、东海、马六甲海峡、苏伊士运河与直布罗陀海峡，含红海绕行好望角的备选航线",
            "Ocean in a month: Yangluo, Yangshan, Rotterdam by the Yangtze, the East China Sea, the Strait of Malacca, the Suez Canal and the Strait of Gibraltar, with a diversion round the Cape",
            sea,
            830,
            Some(promise(720.0, 0.55, 0.03, Verdict::Broken)),
        )),
    );
    save(
        "constant",
        &distribution(&figure(
            "恒定 36 小时",
            "Constant, 36 hours",
            vec![Bin { from: 36.0, to: 36.0, count: 1000 }],
            0,
            Some(promise(48.0, 1.0, 0.0, Verdict::Kept)),
        )),
    );
    save("none", &distribution(&figure("空", "Empty", vec![], 0, None)));
    let stuck = bell(100.0, 200.0, 2.0, 130.0, 20.0, 600);
    save(
        "stuck",
        &distribution(&figure(
            "闭塞",
            "Blocked: Małaszewicze–Łódź",
            stuck,
            400,
            Some(promise(160.0, 0.5, 0.08, Verdict::Uncertain)),
        )),
    );
    let flow = bell(200.0, 500.0, 2.0, 300.0, 20.0, 60_000);
    save("flow", &distribution(&figure("武汉—华沙", "Wuhan to Warsaw", flow, 0, None)));
    let early = bell(100.0, 200.0, 1.0, 130.0, 10.0, 60_000);
    save(
        "early",
        &distribution(&figure(
            "余量充足",
            "Plenty of slack",
            early,
            0,
            Some(promise(360.0, 1.0, 0.0001, Verdict::Kept)),
        )),
    );

    let stage = |zh: &str, en: &str, hours: &[(Category, f64)]| StageRow {
        name: Text::new(zh, en),
        hours: hours.to_vec(),
    };
    let all = vec![
        stage("提货与短驳", "pick-up and drayage", &[(Moving, 3.2), (Server, 0.4), (Hours, 2.0)]),
        stage(
            "吴家山铁路口岸报关",
            "customs at Wujiashan rail port",
            &[(Worked, 5.0), (Server, 3.5), (Hours, 8.5), (Inspection, 2.2)],
        ),
        stage(
            "等待中欧班列",
            "waiting for the China-Europe train",
            &[(Timetable, 31.0), (Rolled, 12.4), (Cargo, 3.0)],
        ),
        stage("武汉—霍尔果斯", "Wuhan to Khorgos", &[(Moving, 72.0), (Vehicle, 6.0)]),
        stage(
            "霍尔果斯换轨",
            "gauge change at Khorgos",
            &[(Worked, 6.0), (Server, 4.5), (Vehicle, 22.0), (Disruption, 9.0)],
        ),
        stage("哈萨克斯坦与俄罗斯", "Kazakhstan and Russia", &[(Moving, 110.0), (Vehicle, 10.0)]),
        stage(
            "马拉舍维奇",
            "Małaszewicze",
            &[(Worked, 7.0), (Server, 11.0), (Vehicle, 16.0), (Inspection, 1.5)],
        ),
        stage("波兰—杜伊斯堡", "Poland to Duisburg", &[(Moving, 38.0), (Vehicle, 4.0)]),
        stage("末端配送", "last mile", &[(Moving, 5.0), (Hours, 7.0)]),
    ];
    let title = Text::new("武汉—杜伊斯堡中欧班列", "Wuhan to Duisburg by the China-Europe Railway Express");
    let notes = vec![
        "180,130票的平均，40次独立重复。".to_owned(),
        "Means of 180,130 shipments in 40 replications.".to_owned(),
    ];
    save(
        "stages",
        &stages(&StagesFigure { title: title.clone(), stages: all.clone(), notes: notes.clone() }),
    );
    save(
        "stages-two",
        &stages(&StagesFigure { title: title.clone(), stages: all[..2].to_vec(), notes: vec![] }),
    );
    let many: Vec<StageRow> = (0..22).map(|n| all[n % 9].clone()).collect();
    save("stages-many", &stages(&StagesFigure { title: title.clone(), stages: many, notes }));
    save("stages-none", &stages(&StagesFigure { title: title.clone(), stages: vec![], notes: vec![] }));
    let resource = |zh: &str, en: &str, utilisation, mean, p95| ResourceRow {
        name: Text::new(zh, en),
        utilisation,
        mean_wait: Some(mean),
        p95_wait: Some(p95),
    };
    let rows = vec![
        resource("霍尔果斯换轨线", "gauge-change bays, Khorgos", Some(0.93), 9.4, 41.0),
        resource("马拉舍维奇起重机", "cranes, Małaszewicze", Some(0.71), 2.1, 9.0),
        resource("吴家山海关查验", "customs inspection, Wujiashan", Some(0.88), 6.2, 26.5),
        resource("阳逻港岸桥", "quay cranes, Yangluo", Some(0.42), 0.2, 1.1),
        resource("鄂州花湖机场跑道时隙", "runway slots, Ezhou Huahu", Some(0.35), 0.02, 0.1),
        resource("集卡车队", "lorry fleet", None, 0.0, 0.0),
        resource(
            "布列斯特边检（双向共用的站台与线路）",
            "border control at Brest, tracks shared by both directions",
            Some(0.97),
            30.0,
            f64::INFINITY,
        ),
    ];
    save(
        "resources",
        &resources(&ResourcesFigure {
            title: Text::new("基准情景", "Base case"),
            resources: rows.clone(),
            notes: vec![],
        }),
    );
    let many = (0..30).map(|n| rows[n % 7].clone()).collect();
    save(
        "resources-many",
        &resources(&ResourcesFigure {
            title: Text::new("基准情景", "Base case"),
            resources: many,
            notes: vec![],
        }),
    );
}
