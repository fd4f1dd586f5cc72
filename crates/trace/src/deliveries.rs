//! The deliveries table: a Parquet file with one row per shipment.
//!
//! Columns: `flow`, `number`, `itinerary`, `teu`, `tonnes`, `units`, `outcome` (`delivered`, `lost`, `under-way`), `released_at` and
//! `delivered_at` (milliseconds since 1970 in UTC, as timestamps), `hours` from release to delivery, `hours_` with each category of the
//! stages that have ended, `clock_` with the id of each clock in hours, and `kept_` with the id of each promise. What does not apply is
//! null: a clock or a promise of another flow, or of a shipment that was not delivered; such a promise is not kept.

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::Arc;

use parquet::basic::Compression;
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use sanda_core::model::Model;
use sanda_core::model::category::Category;
use sanda_core::model::ids::PromiseId;

use crate::facts::{Facts, hours};
use crate::life::{Ending, Life};

/// Number of rows per row group: a few megabytes of memory.
const ROWS: usize = 100_000;

/// Writes one row per life.
///
/// # Errors
///
/// Those of the writer.
pub fn write_deliveries(
    out: impl Write + Send,
    facts: &Facts<'_>,
    lives: impl Iterator<Item = Life>,
) -> Result<(), ParquetError> {
    let columns = Columns::new(facts.model);
    let schema = Arc::new(parse_message_type(&columns.schema())?);
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut file = SerializedFileWriter::new(out, schema, Arc::new(properties))?;
    let mut lives = lives.peekable();
    while lives.peek().is_some() {
        let rows: Vec<Life> = lives.by_ref().take(ROWS).collect();
        let mut group = file.next_row_group()?;
        columns.write(&mut group, facts, &rows)?;
        group.close()?;
    }
    file.close()?;
    Ok(())
}

/// The columns of a model in addition to the fixed ones.
struct Columns<'m> {
    model: &'m Model,
    /// The names of all clocks of all flows.
    clocks: BTreeSet<&'m str>,
    promises: Vec<PromiseId>,
}

impl<'m> Columns<'m> {
    fn new(model: &'m Model) -> Self {
        let clocks = model.flows.iter().flat_map(|flow| &flow.clocks).map(|clock| clock.name.as_str());
        Self { model, clocks: clocks.collect(), promises: model.promises.ids().collect() }
    }

    /// Returns the schema in Parquet's notation. The ids of a scenario consist of letters, digits and hyphens.
    fn schema(&self) -> String {
        let mut text = "message deliveries {
            required binary flow (STRING); required int64 number; required binary itinerary (STRING);
            required double teu; required double tonnes; required int32 units; required binary outcome (STRING);
            required int64 released_at (TIMESTAMP(MILLIS,true)); optional int64 delivered_at (TIMESTAMP(MILLIS,true));
            optional double hours;\n"
            .to_owned();
        let categories =
            Category::ALL.map(|category| format!("required double hours_{};\n", category.name()));
        let clocks = self.clocks.iter().map(|clock| format!("optional double clock_{};\n", column(clock)));
        let promises = self.promises.iter().map(|&promise| &self.model.promises[promise].name);
        let promises = promises.map(|name| format!("optional boolean kept_{};\n", column(name)));
        text.extend(categories.into_iter().chain(clocks).chain(promises));
        text + "}"
    }

    fn write(
        &self,
        group: &mut SerializedRowGroupWriter<'_, impl Write + Send>,
        facts: &Facts<'_>,
        rows: &[Life],
    ) -> Result<(), ParquetError> {
        let model = self.model;
        let text = |text: &str| ByteArray::from(text);
        add::<ByteArrayType>(group, rows, |life| text(&model.flows[life.flow].name))?;
        add::<Int64Type>(group, rows, |life| life.number as i64)?;
        add::<ByteArrayType>(group, rows, |life| text(&model.itineraries[life.itinerary].name))?;
        add::<DoubleType>(group, rows, |life| life.teu as f64 / 1000.0)?;
        add::<DoubleType>(group, rows, |life| life.mass as f64 / 1000.0)?;
        add::<Int32Type>(group, rows, |life| i32::try_from(life.units).unwrap_or(i32::MAX))?;
        add::<ByteArrayType>(group, rows, |life| text(life.ending.name()))?;
        add::<Int64Type>(group, rows, |life| facts.unix_ms(life.released_at))?;
        add_some::<Int64Type>(group, rows, |life| match life.ending {
            Ending::Delivered(at) => Some(facts.unix_ms(at)),
            Ending::Lost(_) | Ending::UnderWay => None,
        })?;
        add_some::<DoubleType>(group, rows, |life| life.door_to_door().map(hours))?;
        for category in Category::ALL {
            add::<DoubleType>(group, rows, |life| hours(life.times()[category as usize]))?;
        }
        for clock in &self.clocks {
            add_some::<DoubleType>(group, rows, |life| {
                let params = model.flows[life.flow].clocks.iter().find(|params| params.name == *clock)?;
                life.clock(params).map(|(from, to)| hours(to - from))
            })?;
        }
        for &promise in &self.promises {
            add_some::<BoolType>(group, rows, |life| {
                let outcomes = life.promises(model);
                outcomes.iter().find(|outcome| outcome.promise == promise).map(|outcome| outcome.is_kept)
            })?;
        }
        Ok(())
    }
}

/// Returns an id as part of a column name: Parquet's notation allows no hyphens.
fn column(id: &str) -> String {
    id.replace('-', "_")
}

/// Writes a column with a value in every row.
fn add<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, impl Write + Send>,
    rows: &[Life],
    value: impl Fn(&Life) -> T::T,
) -> Result<(), ParquetError> {
    let values: Vec<T::T> = rows.iter().map(value).collect();
    write::<T>(group, &values, None)
}

/// Writes a column without a value in some rows.
fn add_some<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, impl Write + Send>,
    rows: &[Life],
    value: impl Fn(&Life) -> Option<T::T>,
) -> Result<(), ParquetError> {
    let all: Vec<Option<T::T>> = rows.iter().map(value).collect();
    let levels: Vec<i16> = all.iter().map(|value| i16::from(value.is_some())).collect();
    let values: Vec<T::T> = all.into_iter().flatten().collect();
    write::<T>(group, &values, Some(&levels))
}

fn write<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, impl Write + Send>,
    values: &[T::T],
    levels: Option<&[i16]>,
) -> Result<(), ParquetError> {
    let missing = || ParquetError::General("more columns than the schema has".to_owned());
    let mut column = group.next_column()?.ok_or_else(missing)?;
    column.typed::<T>().write_batch(values, levels, None)?;
    column.close()
}
