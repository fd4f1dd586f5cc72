fn main() {
    let r = sanda_results::Results::read(std::path::Path::new(&std::env::args().nth(1).unwrap())).unwrap();
    print!("{}", sanda_report::report_html(&r));
}
