//! The tidy table of a sweep as Parquet. Its columns are those of the CSV (`tidy`).

use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;
use sanda_results::Sweep;

use super::tidy::{SweepColumn, sweep_columns};

/// Failure to write the table.
#[derive(Debug, thiserror::Error)]
#[error("cannot write the table: {0}")]
pub struct ParquetError(#[from] parquet::errors::ParquetError);

/// Writes the bytes of the file: one row group without compression. Words are stored once, in dictionaries.
///
/// The same sweep gives the same bytes.
///
/// # Errors
/// [`ParquetError`]. None is known to occur when writing into memory.
pub fn sweep_parquet(sweep: &Sweep) -> Result<Vec<u8>, ParquetError> {
    let columns = sweep_columns(sweep);
    let fields = columns.iter().map(|column| {
        let field = match column {
            SweepColumn::Whole(name, _) => {
                Type::primitive_type_builder(name, Physical::INT64).with_repetition(Repetition::REQUIRED)
            }
            SweepColumn::Number(name, _) => {
                Type::primitive_type_builder(name, Physical::DOUBLE).with_repetition(Repetition::OPTIONAL)
            }
            SweepColumn::Text(name, _) => Type::primitive_type_builder(name, Physical::BYTE_ARRAY)
                .with_repetition(Repetition::REQUIRED)
                .with_logical_type(Some(LogicalType::String)),
        };
        field.build().map(Arc::new)
    });
    let fields: Result<Vec<_>, _> = fields.collect();
    let schema = Arc::new(Type::group_type_builder("sweep").with_fields(fields?).build()?);
    let properties = WriterProperties::builder()
        .set_compression(Compression::UNCOMPRESSED)
        .set_created_by("sanda".to_owned());
    let mut bytes = Vec::new();
    let mut file = SerializedFileWriter::new(&mut bytes, schema, Arc::new(properties.build()))?;
    let mut group = file.next_row_group()?;
    for column in &columns {
        let Some(mut writer) = group.next_column()? else { break };
        match column {
            SweepColumn::Whole(_, values) => {
                writer.typed::<Int64Type>().write_batch(values, None, None)?;
            }
            SweepColumn::Number(_, values) => {
                let present: Vec<f64> = values.iter().copied().flatten().collect();
                let levels: Vec<i16> = values.iter().map(|value| i16::from(value.is_some())).collect();
                writer.typed::<DoubleType>().write_batch(&present, Some(&levels), None)?;
            }
            SweepColumn::Text(_, values) => {
                let values: Vec<ByteArray> =
                    values.iter().map(|text| ByteArray::from(text.as_str())).collect();
                writer.typed::<ByteArrayType>().write_batch(&values, None, None)?;
            }
        }
        writer.close()?;
    }
    group.close()?;
    file.close()?;
    Ok(bytes)
}
