//! Laws of the distribution figure for any input: it never fails, everything stays on the sheet, and no two texts touch.

use proptest::prelude::*;

use sanda_results::{Bin, Text};

use super::input::SHOWN;
use super::*;
use crate::figure::axis;

/// A figure with percentiles that follow from its bins.
fn figure(bins: Vec<Bin>, n_unfinished: u64, limit: Option<f64>) -> DistributionFigure {
    let n_finite: u64 = bins.iter().map(|bin| bin.count).sum();
    let n_shipments = n_finite + n_unfinished;
    let at = |share: f64| {
        let among_finite = share * n_shipments as f64 / n_finite.max(1) as f64;
        if among_finite <= 1.0 {
            axis::upper_edge_at(&bins, among_finite).unwrap_or(f64::INFINITY)
        } else {
            f64::INFINITY
        }
    };
    let share = limit.map(|limit| axis::count_until(&bins, limit) / n_shipments.max(1) as f64);
    DistributionFigure {
        title: Text::new("国际铁路运输“半月达”", "Rail in half a month"),
        clock: Text::new("门到门时间", "door-to-door time"),
        n_shipments,
        n_unfinished,
        n_replications: 40,
        percentiles: SHOWN.map(|share| (share, Estimate::plain(at(share)))).to_vec(),
        promise: limit.zip(share).map(|(hours, share)| PromiseMark {
            deadline: Deadline::Within { hours },
            share: Some(Estimate {
                value: share,
                interval: Some(((share - 0.02).max(0.0), (share + 0.02).min(1.0))),
            }),
            target: 0.9,
            verdict: Verdict::Uncertain,
        }),
        confidence: 0.95,
        notes: vec!["情景 scenario: 基准 base".to_owned()],
        bins,
    }
}

#[test]
fn a_constant_time_is_one_bar_within_its_limit() {
    let picture = distribution(&figure(vec![Bin { from: 36.0, to: 36.0, count: 1000 }], 0, Some(36.0)));
    picture.check_layout();
    let bars = |colour: RGBColor| {
        let is_bar = |mark: &&crate::draw::picture::Mark| mark.paint.rgb == (colour.0, colour.1, colour.2);
        picture.marks.iter().filter(is_bar).count()
    };
    assert_eq!((bars(crate::draw::palette::BLUE), bars(crate::draw::palette::ORANGE)), (1, 0));
    assert!(picture.words().contains("90%在36.0小时内送达"));
}

#[test]
fn no_shipments_and_none_arrived_are_said() {
    for (n_unfinished, said) in [(0, "统计窗口内没有发货"), (7, "没有货物送达")] {
        let picture = distribution(&figure(Vec::new(), n_unfinished, Some(360.0)));
        picture.check_layout();
        assert!(picture.words().contains(said));
        assert_eq!(picture.size(), (1200, 400));
    }
}

#[test]
fn what_never_arrives_is_said() {
    let said = |n_unfinished| {
        let bins = (0..50).map(|n| Bin {
            from: f64::from(n),
            to: f64::from(n + 1),
            count: if n < 20 { 28 } else { 1 },
        });
        let picture = distribution(&figure(bins.collect(), n_unfinished, Some(30.0)));
        picture.check_layout();
        picture.words()
    };
    assert!(said(400).contains("40.4%始终未送达"), "in the gap above the curve: {}", said(400));
    assert!(said(40).contains("送达不足95%"), "above the plot where the gap is too small: {}", said(40));
}

#[test]
fn a_long_title_leaves_the_plot_its_place() {
    let mut long = figure(vec![Bin { from: 10.0, to: 20.0, count: 5 }], 0, Some(15.0));
    long.title =
        Text::new("武汉阳逻港经上海洋山至鹿特丹".repeat(12), "Yangluo by Yangshan to Rotterdam, ".repeat(20));
    long.clock = long.title.clone();
    long.notes = vec![long.title.zh.clone(), long.title.en.clone()];
    let picture = distribution(&long);
    picture.check_layout();
    assert!(picture.words().contains('…'));
}

prop_compose! {
    fn any_bins()(
        start in 0.0..500.0_f64,
        scale in prop::sample::select(vec![1e-3, 0.1, 1.0, 24.0, 1e4]),
        parts in prop::collection::vec((0.0..3.0_f64, prop_oneof![Just(0.0), 0.1..5.0_f64], 0_u64..10_000), 0..40),
    ) -> Vec<Bin> {
        let mut edge = start * scale;
        parts.into_iter().map(|(gap, width, count)| {
            let from = edge + gap * scale;
            edge = from + width * scale;
            Bin { from, to: edge, count }
        }).collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_distribution_fits_its_sheet(
        bins in any_bins(),
        n_unfinished in prop_oneof![Just(0_u64), 1..100_000_u64],
        limit in prop::option::of(prop_oneof![0.0..100.0_f64, 0.0..1e6_f64]),
        near in prop::option::of(0.0..1.5_f64),
    ) {
        // Half of the limits lie among the data.
        let among = near.zip(bins.last()).map(|(part, last)| part * last.to);
        distribution(&figure(bins, n_unfinished, among.or(limit))).check_layout();
    }

    #[test]
    fn any_words_can_be_drawn(zh in ".{0,200}", en in ".{0,200}", clock in ".{0,60}") {
        let mut any = figure(vec![Bin { from: 10.0, to: 20.0, count: 5 }], 1, Some(15.0));
        any.title = Text::new(zh.clone(), en.clone());
        any.clock = Text::new(clock.clone(), clock);
        any.notes = vec![zh, en];
        let picture = distribution(&any);
        picture.check_layout();
        prop_assert!(roxmltree::Document::parse(&picture.to_svg()).is_ok());
    }

    #[test]
    fn any_numbers_can_be_drawn(
        bins in prop::collection::vec((any::<f64>(), any::<f64>(), any::<u32>()), 0..6),
        times in prop::collection::vec((prop::sample::select(SHOWN.to_vec()), any::<f64>()), 0..6),
        limit in any::<f64>(),
        share in any::<f64>(),
    ) {
        // Any input gives a picture: the only claim is that nothing panics.
        let bins = bins.into_iter().map(|(from, to, count)| Bin { from, to, count: u64::from(count) }).collect();
        let mut any = figure(bins, 3, Some(limit));
        any.percentiles = times.into_iter().map(|(share, time)| (share, Estimate::plain(time))).collect();
        if let Some(promise) = &mut any.promise {
            promise.share = Some(Estimate { value: share, interval: Some((share, limit)) });
        }
        let picture = distribution(&any);
        prop_assert!(roxmltree::Document::parse(&picture.to_svg()).is_ok());
    }
}
