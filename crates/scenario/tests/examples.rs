//! x
use sanda_scenario::*;
#[test]
fn x() { println!("{}", schema_text()); 
 println!("{}", &schema_json()[..1500]);
 let l = load_text("a", schema_text::EXAMPLE_TRAIN, &[]).unwrap(); println!("{}", print(&l.tree));
 load_text("a", schema_text::EXAMPLE_LANES, &[]).unwrap();
}
