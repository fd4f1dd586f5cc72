//! The closed forms against each other, against known limits, and against Markov chains solved for the purpose. No simulation.

use sanda_verify::theory::blocking::HeldBerths;
use sanda_verify::theory::breakdown;
use sanda_verify::theory::bulk::{Departures, left_by_roots};
use sanda_verify::theory::connection::Connection;
use sanda_verify::theory::deterministic::{Constant, single_wait_cdf};
use sanda_verify::theory::dispatch::WhenFull;
use sanda_verify::theory::erlang::{self, Servers};
use sanda_verify::theory::hours::Hours;
use sanda_verify::theory::loss::FiniteRoom;
use sanda_verify::theory::markov::stationary;
use sanda_verify::theory::moments::Moments;
use sanda_verify::theory::network::{Feedback, sum_quantile};
use sanda_verify::theory::numeric::{
    compound_poisson, erlang_tail, integral, mean_count, normal_cdf, poisson, quantile, quantile_count,
    sd_count,
};
use sanda_verify::theory::patience::Impatient;
use sanda_verify::theory::priority::{self, Class};
use sanda_verify::theory::renewal::{Gap, Renewal};
use sanda_verify::theory::single::{Exponential, General, Hyperexponential};
use sanda_verify::theory::{headway, lindley, steps, storm, varying};

#[track_caller]
fn close(found: f64, expected: f64) {
    within(1e-9, found, expected);
}

#[track_caller]
fn within(tolerance: f64, found: f64, expected: f64) {
    assert!(
        (found - expected).abs() <= tolerance * expected.abs().max(1e-3),
        "{found} instead of {expected}"
    );
}

/// Returns the mean of a law on [0, infinity) from its tail, on pieces of this length.
fn mean_of_tail(piece: f64, tail: impl Fn(f64) -> f64) -> f64 {
    let mut sum = 0.0;
    for k in 0..4000 {
        let part = integral(f64::from(k) * piece, f64::from(k + 1) * piece, 8, &tail);
        sum += part;
        if part < 1e-13 * sum {
            break;
        }
    }
    sum
}

#[test]
fn numbers() {
    close(integral(0.0, 2.0, 1, |x| x * x * x * x), 6.4);
    close(mean_count(&poisson(44.0)), 44.0);
    close(sd_count(&poisson(44.0)), 44.0_f64.sqrt());
    close(poisson(3.0).iter().sum(), 1.0);
    close(poisson(2.0)[3], libm::exp(-2.0) * 8.0 / 6.0);
    // Two in each batch.
    let pairs = compound_poisson(1.5, &[0.0, 0.0, 1.0]);
    close(mean_count(&pairs), 3.0);
    close(pairs[4], poisson(1.5)[2]);
    assert!(pairs[3].abs() < 1e-300);
    close(quantile_count(&poisson(2.0), 0.5), 2.0);
    close(quantile(0.5, |x| 1.0 - libm::exp(-x)), std::f64::consts::LN_2);
    close(erlang_tail(1, 2.0, 3.0), libm::exp(-6.0));
    close(erlang_tail(3, 1.0, 0.0), 1.0);
    close(normal_cdf(1.959963984540054), 0.975);
    // Births and deaths have a product form.
    let chain = stationary(vec![vec![0.0, 2.0, 0.0], vec![3.0, 0.0, 2.0], vec![0.0, 3.0, 0.0]]);
    close(chain[1] / chain[0], 2.0 / 3.0);
    close(chain[2] / chain[1], 2.0 / 3.0);
}

#[test]
fn moments_of_laws() {
    let by_hand = |density: &dyn Fn(f64) -> f64, to: f64| {
        let moment = |n: i32| integral(0.0, to, 4000, |x| libm::pow(x, f64::from(n)) * density(x));
        (moment(1), moment(2), moment(3))
    };
    let check = |law: Moments, density: &dyn Fn(f64) -> f64, to: f64| {
        let (mean, second, third) = by_hand(density, to);
        within(1e-7, law.mean, mean);
        within(1e-7, law.second, second);
        within(1e-7, law.third, third);
    };
    check(Moments::exponential(2.0), &|x| libm::exp(-x / 2.0) / 2.0, 100.0);
    check(Moments::erlang(3, 1.5), &|x| 4.0 * x * x * libm::exp(-2.0 * x), 60.0);
    check(Moments::uniform(1.0, 4.0), &|x| if x < 1.0 { 0.0 } else { 1.0 / 3.0 }, 4.0);
    // The lognormal law by its underlying normal variable.
    let (law, sigma) = (Moments::log_normal(1.0, 0.8), libm::log1p(0.64).sqrt());
    for (n, moment) in [(1.0, law.mean), (2.0, law.second), (3.0, law.third)] {
        let by_hand = integral(-12.0, 14.0, 400, |z| {
            let value = libm::exp(sigma * z - sigma * sigma / 2.0);
            libm::pow(value, n) * libm::exp(-z * z / 2.0) / (2.0 * std::f64::consts::PI).sqrt()
        });
        close(moment, by_hand);
    }
    close(Moments::log_normal(2.0, 0.8).variance().sqrt(), 1.6);
}

#[test]
fn erlang_formulas() {
    // By hand: a^c / c! over the sum. B(3, 2) = (4/3) / (19/3) = 4/19.
    close(erlang::loss(1, 0.5), 1.0 / 3.0);
    close(erlang::loss(3, 2.0), 4.0 / 19.0);
    for (servers, offered) in [(1, 0.3), (5, 4.0), (20, 18.0), (55, 60.0)] {
        let terms = poisson(offered);
        let sum: f64 = terms[..=servers].iter().sum();
        close(erlang::loss(servers as u32, offered), terms[servers] / sum);
    }
    // C(1, a) = a; C(2, a) = a^2 / (2 + a).
    close(erlang::delay(1, 0.8), 0.8);
    close(erlang::delay(2, 1.0), 1.0 / 3.0);
    close(erlang::delay(2, 1.5), 2.25 / 3.5);
    let (one, several) = (Exponential { arrival: 0.8, service: 1.0 }, |servers, arrival| Servers {
        servers,
        arrival,
        service: 1.0,
    });
    close(several(1, 0.8).wait(), one.wait());
    close(several(1, 0.8).wait_sd(), one.wait_sd());
    close(several(1, 0.8).present_sd(), one.present_sd());
    close(several(1, 0.8).wait_quantile(0.95), one.wait_quantile(0.95));
    let three = several(3, 2.4);
    let tail = |time: f64| three.waits() * libm::exp(-0.6 * time);
    close(mean_of_tail(0.5, tail), three.wait());
    close(three.wait_quantile(0.5), quantile(0.5, |time| 1.0 - tail(time)));
    close(several(40, 2.0).present_sd(), 2.0_f64.sqrt());
}

#[test]
fn one_server() {
    let exponential = Exponential { arrival: 0.7, service: 1.0 };
    let general = General::single(0.7, Moments::exponential(1.0));
    close(general.wait(), exponential.wait());
    close(general.wait_sd(), exponential.wait_sd());
    close(general.present(), exponential.present());
    close(exponential.present_quantile(0.69), 3.0);
    close(exponential.time_quantile(0.5), std::f64::consts::LN_2 / 0.3);
    // Two equal kinds are one kind.
    let kinds = Hyperexponential { arrival: 0.7, kinds: [(0.4, 1.0), (0.6, 1.000001)] };
    within(1e-5, kinds.wait_quantile(0.9), exponential.wait_quantile(0.9));
    let kinds = Hyperexponential { arrival: 0.7, kinds: [(0.8, 0.5), (0.2, 3.0)] };
    let general = General::single(0.7, kinds.service());
    close(kinds.wait_tail(0.0), 0.7);
    close(mean_of_tail(0.5, |time| kinds.wait_tail(time)), general.wait());
    let square = mean_of_tail(0.5, |time| 2.0 * time * kinds.wait_tail(time));
    close((square - general.wait() * general.wait()).sqrt(), general.wait_sd());
}

#[test]
fn bulk_arrivals() {
    // Geometric batches with exponential service: P(N = 0) = 1 - rho and, by the balance of a chain, the number present.
    let (rate, stop) = (0.2, 0.4);
    let batch: Vec<f64> = (0..200)
        .map(|n| if n == 0 { 0.0 } else { stop * libm::pow(1.0 - stop, f64::from(n) - 1.0) })
        .collect();
    let theory = General { arrival: rate, service: Moments::exponential(1.0), batch: batch.clone() };
    let n_states = 400;
    let mut rates = vec![vec![0.0; n_states]; n_states];
    for (n, row) in rates.iter_mut().enumerate() {
        if n > 0 {
            row[n - 1] = 1.0;
        }
        for (size, share) in batch.iter().enumerate().skip(1) {
            row[(n + size).min(n_states - 1)] += rate * share;
        }
    }
    let present = stationary(rates);
    close(present[0], 1.0 - theory.load());
    close(mean_count(&present), theory.present());
    close(theory.no_wait(), (1.0 - 0.5) * 0.4);
}

#[test]
fn constant_service() {
    let one = Constant::new(1, 0.8, 1.0);
    let general = General::single(0.8, Moments::constant(1.0));
    close(one.wait(), general.wait());
    close(one.wait_sd(), general.wait_sd());
    close(one.no_wait(), 0.2);
    for time in [0.0, 0.3, 0.999, 1.0, 2.5, 6.2] {
        close(one.wait_cdf(time), single_wait_cdf(0.8, 1.0, time));
    }
    within(1e-9, one.wait_cdf(one.wait_quantile(0.95)), 0.95);
    // In any unit of time.
    close(Constant::new(3, 4.8, 0.5).wait_quantile(0.9), Constant::new(3, 2.4, 1.0).wait_quantile(0.9) / 2.0);
    for (servers, arrival) in [(2, 1.6), (3, 2.4), (10, 9.0)] {
        let theory = Constant::new(servers, arrival, 1.0);
        close(theory.queue(), left_by_roots(servers, arrival));
        close(mean_of_tail(1.0, |time| 1.0 - theory.wait_cdf(time)), theory.wait());
        // A constant service halves the wait of an exponential one, and a little less with several servers.
        let exponential = Servers { servers: servers as u32, arrival, service: 1.0 };
        let part = theory.wait() / exponential.wait();
        assert!((0.5..0.56).contains(&part), "{part}");
        // Equal to one faster server, up to a delay of less than one service.
        let fast = General::single(arrival, Moments::constant(1.0 / servers as f64));
        assert!(theory.wait() < fast.wait());
    }
    // A job that is alone at ten servers.
    close(Constant::new(10, 0.01, 1.0).no_wait(), 1.0);
}

#[test]
fn renewal_arrivals() {
    let poisson = Exponential { arrival: 0.8, service: 1.0 };
    for gap in [Gap::Erlang(1, 1.25), Gap::Hyperexponential(0.3, 1.25, 1.25)] {
        let theory = Renewal::new(gap, 1.0);
        close(theory.sigma, 0.8);
        close(theory.wait(), poisson.wait());
        close(theory.wait_sd(), poisson.wait_sd());
        close(theory.present(), poisson.present());
    }
    // Many parts are a constant; a narrow interval too.
    let constant = Renewal::new(Gap::Constant(1.25), 1.0);
    close(libm::exp(-1.25 * (1.0 - constant.sigma)), constant.sigma);
    within(1e-4, Renewal::new(Gap::Erlang(100_000, 1.25), 1.0).sigma, constant.sigma);
    within(1e-4, Renewal::new(Gap::Uniform(1.249, 1.251), 1.0).sigma, constant.sigma);
    // The sum of two exponential parts: sigma solves (2 / (2 + 1.25 (1 - x)))^2 = x, by the formula of a quadratic after the root 1.
    let erlang = Renewal::new(Gap::Erlang(2, 1.25), 1.0);
    let half = 2.0 / (2.0 + 1.25 * (1.0 - erlang.sigma));
    close(half * half, erlang.sigma);
}

#[test]
fn finite_rooms() {
    for (servers, offered) in [(1, 0.9), (3, 2.4), (10, 12.0)] {
        let none = FiniteRoom { servers, room: 0, arrival: offered, service: 1.0 };
        close(none.lost(), erlang::loss(servers as u32, offered));
        close(none.no_wait(), 1.0);
    }
    let wide = FiniteRoom { servers: 3, room: 400, arrival: 2.4, service: 1.0 };
    let endless = Servers { servers: 3, arrival: 2.4, service: 1.0 };
    close(wide.wait(), endless.wait());
    close(wide.no_wait(), 1.0 - endless.waits());
    close(wide.wait_quantile(0.95), endless.wait_quantile(0.95));
    close(wide.present_sd(), endless.present_sd());
    // M/M/1/K: (1 - rho) rho^K / (1 - rho^(K + 1)).
    let one = FiniteRoom { servers: 1, room: 4, arrival: 0.5, service: 1.0 };
    close(one.lost(), 0.5 * libm::pow(0.5, 5.0) / (1.0 - libm::pow(0.5, 6.0)));
    close(one.present_mean() - one.queue(), one.busy());
}

#[test]
fn classes() {
    let classes = [
        Class { arrival: 0.4, service: Moments::exponential(0.5) },
        Class { arrival: 0.2, service: Moments::constant(1.0) },
        Class { arrival: 0.3, service: Moments::log_normal(1.0, 0.8) },
    ];
    // The work waiting does not depend on the order (Kleinrock's conservation law).
    let loads: Vec<f64> = classes.iter().map(|class| class.arrival * class.service.mean).collect();
    let left: f64 = classes.iter().map(|class| class.arrival * class.service.second / 2.0).sum();
    let load: f64 = loads.iter().sum();
    let sum: f64 = (0..3).map(|k| loads[k] * priority::wait(&classes, k)).sum();
    close(sum, load * left / (1.0 - load));
    // One class is no class.
    let one = [Class { arrival: 0.7, service: Moments::exponential(1.0) }];
    let fifo = Exponential { arrival: 0.7, service: 1.0 };
    close(priority::wait(&one, 0), fifo.wait());
    close(priority::preemptive_wait(&one, 0), fifo.wait());
    close(priority::preemptive_time(&one, 0), fifo.time());
    // Equal exponential services: both families of formulas.
    let rates = [0.3, 0.2, 0.2];
    let equal = rates.map(|arrival| Class { arrival, service: Moments::exponential(1.0) });
    for k in 0..3 {
        close(priority::wait_at_servers(1, 1.0, &rates, k), priority::wait(&equal, k));
        close(priority::preemptive_time_at_servers(1, 1.0, &rates, k), priority::preemptive_time(&equal, k));
    }
    let rates = [0.9, 0.7, 0.8];
    let all = Servers { servers: 3, arrival: 2.4, service: 1.0 };
    let present: f64 =
        (0..3).map(|k| rates[k] * priority::preemptive_time_at_servers(3, 1.0, &rates, k)).sum();
    close(present, all.present());
    let queue: f64 = (0..3).map(|k| rates[k] * priority::wait_at_servers(3, 1.0, &rates, k)).sum();
    close(queue, all.queue());
}

/// Returns the mean number present at a server that fails and is repaired, as a chain of that number and the state of the server.
fn failing(arrival: f64, failure: f64, repair: f64, when_idle: bool) -> f64 {
    let n = 400;
    let mut rates = vec![vec![0.0; 2 * n]; 2 * n];
    for present in 0..n {
        let (up, down) = (2 * present, 2 * present + 1);
        if present + 1 < n {
            rates[up][up + 2] = arrival;
            rates[down][down + 2] = arrival;
        }
        if present > 0 {
            rates[up][up - 2] = 1.0;
        }
        if present > 0 || when_idle {
            rates[up][down] = failure;
        }
        rates[down][up] = repair;
    }
    let shares = stationary(rates);
    shares.iter().enumerate().map(|(state, share)| (state / 2) as f64 * share).sum()
}

#[test]
fn breakdowns() {
    close(breakdown::calendar_present(0.6, 1.0, 0.05, 0.5), failing(0.6, 0.05, 0.5, true));
    close(breakdown::calendar_present(0.6, 1.0, 0.0, 0.5), 1.5);
    let operating = breakdown::operating(0.6, Moments::exponential(1.0), 0.1, Moments::exponential(2.0));
    close(operating.present(), failing(0.6, 0.1, 0.5, false));
    close(operating.load(), 0.6 * 1.2);
    // The moments of the time to completion from its transform, S(s + f (1 - R(s))), by differences.
    let derivatives = |transform: &dyn Fn(f64) -> f64| {
        let step = 1e-3;
        let at = [-2.0, -1.0, 0.0, 1.0, 2.0].map(|k| transform(k * step));
        let sum =
            |weights: [f64; 5]| weights.iter().zip(at).map(|(weight, value)| weight * value).sum::<f64>();
        let first = sum([1.0, -8.0, 0.0, 8.0, -1.0]) / (12.0 * step);
        let second = sum([-1.0, 16.0, -30.0, 16.0, -1.0]) / (12.0 * step * step);
        let third = sum([-1.0, 2.0, 0.0, -2.0, 1.0]) / (2.0 * step * step * step);
        (-first, second, -third)
    };
    let (failure, repair) = (0.1, 2.0);
    let repair_transform = |s: f64| 1.0 / (1.0 + s * repair);
    let resumed = |s: f64| 1.0 / (1.0 + s + failure * (1.0 - repair_transform(s)));
    let moments = breakdown::completion(Moments::exponential(1.0), failure, Moments::exponential(repair));
    let (mean, second, third) = derivatives(&resumed);
    within(1e-6, moments.mean, mean);
    within(1e-6, moments.second, second);
    within(1e-3, moments.third, third);
    // Begun anew: e^(-(f + s) D) over one less the transform of a lost piece and a repair.
    let anew = |s: f64| {
        let through = libm::exp(-(failure + s));
        through / (1.0 - failure / (failure + s) * (1.0 - through) * repair_transform(s))
    };
    let (mean, second) = breakdown::completion_anew(1.0, failure, Moments::exponential(repair));
    close(mean, (libm::exp(failure) - 1.0) * (1.0 / failure + repair));
    let (_, by_transform, _) = derivatives(&anew);
    within(1e-6, second, by_transform);
}

#[test]
fn patience() {
    // Infinite patience.
    let endless = Servers { servers: 3, arrival: 2.4, service: 1.0 };
    let patient = Impatient::new(3, 2.4, 1.0, 1e-9);
    within(1e-6, patient.queue(), endless.queue());
    within(1e-6, patient.wait_of_served(), endless.wait());
    // Patience as short as service: an unlimited number of servers.
    let poisson_law = Impatient::new(2, 3.0, 1.0, 1.0);
    close(poisson_law.present(), 3.0);
    // As many jobs leave as enter.
    let theory = Impatient::new(3, 3.3, 1.0, 0.5);
    close(theory.utilisation(), (theory.present() - theory.queue()) / 3.0);
    // No patience: Erlang's loss.
    within(1e-5, Impatient::new(3, 2.4, 1.0, 1e7).gives_up(), erlang::loss(3, 2.4));
    assert!(theory.wait_of_served() < theory.queue() / 3.3, "those who give up waited longer");
}

#[test]
fn scheduled_departures() {
    for (places, arrivals) in [(1, 0.5), (2, 1.9), (10, 8.0), (10, 9.5), (55, 48.0)] {
        let theory = Departures::fixed(24.0, arrivals / 24.0, places);
        within(1e-8, theory.left_mean(), left_by_roots(places, arrivals));
        within(1e-8, theory.wait_by_little(), theory.wait());
        // Little's law against the law of the wait.
        within(1e-7, mean_of_tail(24.0, |time| 1.0 - theory.wait_cdf(time)), theory.wait());
        let square = mean_of_tail(24.0, |time| 2.0 * time * (1.0 - theory.wait_cdf(time)));
        within(1e-6, (square - theory.wait() * theory.wait()).sqrt(), theory.wait_sd());
    }
    // One place: the number left behind is the queue of M/D/1, rho^2 / (2 (1 - rho)).
    close(Departures::fixed(1.0, 0.8, 1).left_mean(), 0.64 / 0.4);
    // Places for all: a uniform wait with a mean of half a period.
    let wide = Departures::fixed(24.0, 0.1, 60);
    close(wide.wait(), 12.0);
    close(wide.wait_quantile(0.95), 22.8);
    close(wide.wait_sd(), 24.0 / 12.0_f64.sqrt());
    // Random places and batches: Little's law again.
    let mut places = vec![0.0; 15];
    places[6] = 0.5;
    places[14] = 0.5;
    for batch in [vec![0.0, 1.0], vec![0.0, 0.5, 0.0, 0.5]] {
        let theory = Departures::new(24.0, 8.0 / 24.0 / mean_count(&batch), batch, places.clone());
        close(theory.load_factor(), 0.8);
        within(1e-7, mean_of_tail(24.0, |time| 1.0 - theory.wait_cdf(time)), theory.wait());
        assert!(theory.boards_within(1) < theory.boards_within(2));
    }
    // A single unit is its own last one; of several units the last waits longest.
    let mut ten = vec![0.0; 11];
    ten[10] = 1.0;
    let last = Departures::of_last(24.0, 1.0 / 3.0, vec![0.0, 1.0], ten.clone());
    close(last.wait(), Departures::fixed(24.0, 1.0 / 3.0, 10).wait());
    let threes = vec![0.0, 0.0, 0.0, 1.0];
    let (last, any) = (
        Departures::of_last(24.0, 0.1, threes.clone(), ten.clone()),
        Departures::new(24.0, 0.1, threes, ten),
    );
    close(last.left_mean(), any.left_mean());
    assert!(last.wait() > any.wait() + 0.1);
    // Pairs that fill a vehicle of two places are single shipments that fill one of one place.
    let pairs = Departures::new(1.0, 0.6, vec![0.0, 0.0, 1.0], vec![0.0, 0.0, 1.0]);
    let singles = Departures::fixed(1.0, 0.6, 1);
    close(pairs.wait(), singles.wait());
    close(pairs.wait_quantile(0.9), singles.wait_quantile(0.9));
}

#[test]
fn headways() {
    close(headway::wait(Moments::constant(24.0)), 12.0);
    close(headway::wait(Moments::exponential(12.0)), 12.0);
    close(headway::wait_sd(Moments::exponential(12.0)), 12.0);
    close(headway::wait_sd(Moments::constant(24.0)), 24.0 / 12.0_f64.sqrt());
    close(headway::wait(headway::in_turn(&[72.0, 96.0])), (72.0 * 72.0 + 96.0 * 96.0) / 336.0);
    close(headway::wait_quantile_in_turn(&[72.0, 96.0], 0.5), 42.0);
    close(headway::wait_quantile_in_turn(&[72.0, 96.0], 0.95), 96.0 - 8.4 - 0.0 - 0.0);
    close(headway::wait_quantile_uniform(24.0, 0.75), 12.0);
    close(headway::wait_with_cancellations(24.0, 1.0), 12.0);
}

#[test]
fn opening_hours() {
    let daily = Hours::daily(8.0, 18.0);
    close(daily.wait(), 14.0 * 14.0 / 48.0);
    close(daily.open_share(), 10.0 / 24.0);
    close(daily.wait_quantile(0.4), 0.0);
    close(daily.wait_quantile(0.9), 11.6);
    close(daily.time_of_work(20.0, 6.0), 18.0);
    close(daily.time_of_work(15.0, 6.0), 20.0);
    close(daily.time_of_work(8.0, 10.0), 10.0);
    // No work takes the wait until opening; ten hours take a day and that wait.
    within(1e-6, daily.mean_time_of_work(1e-9), daily.wait());
    close(daily.mean_time_of_work(10.0), daily.mean_time_of_work(20.0) - 24.0);
    let week = Hours::weekdays(5, 8.0, 18.0);
    close(week.wait(), (4.0 * 196.0 + 62.0 * 62.0) / 336.0);
    close(week.closed().iter().sum::<f64>() + 50.0, 168.0);
    close(
        mean_of_tail(1.0, |time| week.closed().iter().map(|c| (c - time).max(0.0)).sum::<f64>() / 168.0),
        week.wait(),
    );
}

#[test]
fn departures_when_full() {
    let full = WhenFull { places: 10, arrival: 1.5, longest: None };
    close(full.wait(), 9.0 / 3.0);
    close(full.load(), 10.0);
    close(mean_of_tail(0.25, |time| full.wait_tail(time)), full.wait());
    let late = WhenFull { places: 10, arrival: 1.5, longest: Some(5.0) };
    within(1e-8, integral(0.0, 5.0, 200, |time| late.wait_tail(time)), late.wait());
    // Only the shipment that fills the vehicle does not wait.
    close(late.wait_tail(0.0), 1.0 - late.full_share() / late.load());
    assert!(late.load() < 10.0 && late.full_share() < 1.0);
    // Places for two, no limit: half of the shipments wait for the other.
    let two = WhenFull { places: 2, arrival: 1.0, longest: None };
    close(two.wait(), 0.5);
    close(two.wait_tail(1.0), libm::exp(-1.0) / 2.0);
    // Never full: the first waits to the limit, the others uniformly less.
    let slow = WhenFull { places: 100, arrival: 1.0, longest: Some(4.0) };
    close(slow.load(), 5.0);
    close(slow.wait(), (4.0 + 4.0 * 2.0) / 5.0);
}

#[test]
fn connections() {
    let theory = Connection { median: 18.0, cv: 0.3, first: 24.0, period: 24.0, cutoff: 2.0 };
    // From the density of the feeder: the departure that each length of it leads to.
    let sigma = libm::log1p(0.09_f64).sqrt();
    let density = |x: f64| {
        let z = libm::log(x / 18.0) / sigma;
        libm::exp(-z * z / 2.0) / (x * sigma * (2.0 * std::f64::consts::PI).sqrt())
    };
    let mut mean = 24.0 * integral(0.0, 22.0, 400, density);
    for number in 1..12 {
        let from = 22.0 + 24.0 * f64::from(number - 1);
        mean += 24.0 * f64::from(number + 1) * integral(from, from + 24.0, 200, density);
    }
    within(1e-7, theory.departure(), mean);
    within(1e-7, theory.feeder(), integral(0.0, 400.0, 4000, |x| x * density(x)));
    let sure = Connection { cv: 1e-6, ..theory };
    close(sure.departure(), 24.0);
    assert!(sure.departure_sd() < 1e-9 && sure.leaves_by(0) > 1.0 - 1e-12);
}

#[test]
fn networks_and_blocking() {
    let theory = Feedback { arrival: 0.5, service: 1.0, again: 0.0 };
    close(theory.time(), Exponential { arrival: 0.5, service: 1.0 }.time());
    let theory = Feedback { again: 0.3, ..theory };
    close(theory.time(), (theory.wait_of_pass() + 1.0) / 0.7);
    let time = sum_quantile(2.0, 1.0, 0.9);
    close(2.0 * libm::exp(-time / 2.0) - libm::exp(-time), 0.1);
    // Instant crane, instant mooring.
    let two = Servers { servers: 2, arrival: 0.9, service: 1.0 };
    within(1e-5, HeldBerths::new(0.9, 1.0, 1e7).present(), two.present());
    within(1e-5, HeldBerths::new(0.5, 1e7, 1.0).present(), 1.0);
    let blocked = HeldBerths::new(0.55, 1.0, 1.25).blocked();
    assert!((0.1..0.44).contains(&blocked), "{blocked}");
}

#[test]
fn the_rest() {
    // A rate that does not vary.
    let tail = |time: f64| ((10.0 - time) / 8.0).clamp(0.0, 1.0);
    close(varying::present(&[4.0; 24], 17, 10, tail), 24.0);
    // One busy hour, observed two hours after it began, with services of three hours.
    let mut rates = [0.0; 24];
    rates[9] = 5.0;
    close(varying::present(&rates, 11, 4, |time| if time < 3.0 { 1.0 } else { 0.0 }), 5.0);
    close(varying::present(&rates, 13, 4, |time| if time < 3.0 { 1.0 } else { 0.0 }), 0.0);
    close(storm::mean(100.0, 0.02, Moments::exponential(10.0)), 120.0);
    close(storm::sd(100.0, 0.02, Moments::exponential(10.0)), 20.0);
    close(steps::longest(3, 2.0), 2.0 * 11.0 / 6.0);
    let tail = |time: f64| 1.0 - libm::pow(1.0 - libm::exp(-time / 2.0), 3.0);
    close(mean_of_tail(1.0, tail), steps::longest(3, 2.0));
    close(tail(steps::longest_quantile(3, 2.0, 0.95)), 0.05);
    let square = mean_of_tail(1.0, |time| 2.0 * time * tail(time));
    close((square - steps::longest(3, 2.0) * steps::longest(3, 2.0)).sqrt(), steps::longest_sd(3, 2.0));
    close(steps::laps(0.5, Some(3)), 1.75);
    close(steps::laps(0.5, None), 2.0);
    close(steps::repeated_quantile(0.5, 1.0, 0.5), 2.0 * std::f64::consts::LN_2);
    assert_eq!(lindley::waits(&[(0, 5), (2, 4), (20, 1), (20, 1)]), [0, 3, 0, 1]);
}
